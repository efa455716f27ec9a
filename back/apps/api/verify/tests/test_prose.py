"""Answers as models write them: cases/prose.toml."""

import tomllib
from pathlib import Path

import pytest

from apps.api.phrase.tests.support import EVENTS, NOW, VIDEOS
from apps.api.types import Evidence, Result, Searched
from apps.api.verify import verify

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
