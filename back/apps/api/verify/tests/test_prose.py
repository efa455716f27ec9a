"""Answers as models write them: cases/prose.toml."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.api.phrase.tests.support import EVENTS, NOW, VIDEOS
from apps.api.types import Evidence, Result, Searched
from apps.api.verify import recognise as recognising
from apps.api.verify import verify
from apps.api.verify.recognise import ORDER, recognise
from apps.api.verify.times import letters_of

CASES = tomllib.loads((Path(__file__).parent / "cases" / "prose.toml").read_text(encoding="utf-8"))["case"]


def verdict(case):
    events = tuple(EVENTS[i] for i in case["events"])
    result = case.get("result", {"columns": ["id"], "rows": [[event.id] for event in events]})
    return verify(
        case["text"],
        result=Result(tuple(result["columns"]), tuple(map(tuple, result["rows"]))),
        evidence=Evidence(events, len(events)),
        question=case.get("question", ""),
        searched=Searched(),
        videos=[VIDEOS[i] for i in case.get("videos", [11])],
        language="ko",
        now=NOW,
    )


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:48] for case in CASES])
def test_prose(case):
    found = verdict(case)
    assert [claim.text for claim in found.untraced] == case.get("untraced", [])
    assert found.ok == (not case.get("untraced"))


SIGNED = [one for one in ORDER if one.sign]


@pytest.mark.parametrize("recogniser", SIGNED, ids=["".join(sorted(one.sign)) for one in SIGNED])
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_whatever_matches_holds_the_sign(recogniser, data):
    """Else a claim would be passed over."""
    text = data.draw(st.from_regex(recogniser.pattern))
    for match in recogniser.pattern.finditer(text):
        assert not recogniser.sign.isdisjoint(letters_of(match[0]))


@pytest.mark.parametrize("said", ["7 event\u017f", "\u017feven THEFTS", "15 PERCENT", "15 percent"])
def test_an_odd_letter_hides_no_figure(said):
    """Patterns ignore case, for which `\u017f` is an s."""
    told = f"There were {said}."
    assert [saying.text for saying in recognise(told)] == _without_signs(told)


def _without_signs(text: str) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recognising, "ORDER", [one._replace(sign=None) for one in ORDER])
        return [saying.text for saying in recognise(text)]
