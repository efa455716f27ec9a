"""No text, result or evidence brings the verifier or the templates down, or to a halt."""

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.api.phrase import read_markers, searched, templated
from apps.api.phrase.tests.support import EVENTS, NOW, VIDEOS
from apps.api.types import Evidence, Plan, Result, Searched
from apps.api.verify import verify

ALL = tuple(EVENTS.values())
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["theft", "male", "2026-05-04", "2026-05-04T14:00:00+09:00", {"a": 1}, [1]]),
    st.sampled_from([datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 4), date(2026, 5, 4)]),
)
COLUMNS = st.sampled_from(
    ["id", "value", "n", "label", "avg_age", "hour", "event_type", "video_id", "pct", "최대"]
)


NO_ROWS = Result(("id",), ())


def checked(text, result=NO_ROWS, question=""):
    return verify(
        text,
        result=result,
        evidence=Evidence(ALL, len(ALL)),
        question=question,
        searched=Searched(),
        videos=list(VIDEOS.values()),
        language="ko",
        now=NOW,
    )


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_gets_a_verdict_with_places_in_it(text, question):
    shown = read_markers(text, events=ALL).text
    for claim in checked(text, question=question).untraced:
        assert 0 <= claim.start <= claim.end <= len(shown)


@given(st.lists(COLUMNS, min_size=1, max_size=3), st.data(), st.sampled_from(["ko", "en"]))
def test_any_rows_without_a_reading_are_told(columns, data, language):
    row = st.tuples(*[CELLS] * len(columns))
    result = Result(tuple(columns), tuple(data.draw(st.lists(row, max_size=3))))
    plan = Plan("answer")
    evidence = Evidence(ALL[: data.draw(st.integers(0, 2))], data.draw(st.integers(0, 3)))
    told = templated(
        plan=plan, result=result, evidence=evidence, videos=list(VIDEOS.values()), language=language, now=NOW
    )
    assert told.text
    checked(told.text, result)
    assert searched(plan=plan) == Searched()


@pytest.mark.parametrize(
    "text",
    [
        "1" * 4000,
        "1:" * 2000,
        "123,456," * 500,
        "12:30 " * 600,
        "십이분 " * 700,
        "스물" * 2000,
        "twenty " * 500,
        "“" * 4000,
        "[[e:" * 1000,
        "(" * 4000,
        "between " * 500,
        "it's " * 800,
        "\n- " * 1200,
        "no " * 1300,
    ],
    ids=lambda text: text[:8].strip(),
)
def test_long_repetitions_take_no_long_time(text):
    began = time.process_time()
    checked(text, question=text)
    assert time.process_time() - began < 2.0
