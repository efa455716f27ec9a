"""Follow-ups that point at evidence, coverage, and scopes of every size."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from text2sql.compile.statements import compile_query
from text2sql.contract import VideoIn
from text2sql.engine import reply
from text2sql.tests.reading import ask, short
from text2sql.videos import Video

THEFT = {"id": 7, "video_id": 11, "timestamp": 600.0, "track_id": "P004"}
OTHER = {"id": 9, "video_id": 11, "timestamp": 900.0, "track_id": None}


@pytest.mark.parametrize(
    ("question", "before", "evidence", "expected"),
    [
        ("그 사람 언제 나갔어?", "도난 있었어?", [THEFT],
         {"intent": "when", "types": ["exit"], "tracks": ["P004"], "videos": [11]}),
        ("그 사람 그 다음에 뭐 했어?", "첫 번째 도난은?", [THEFT],
         {"intent": "path", "tracks": ["P004"], "offset": "(600..", "videos": [11]}),
        ("what did he do after that?", "who stole first?", [THEFT],
         {"intent": "path", "tracks": ["P004"], "offset": "(600..", "videos": [11]}),
        ("그 사람 몇 살이야?", "첫 번째 도난은?", [THEFT],
         {"intent": "attribute", "tracks": ["P004"], "videos": [11], "measure": "age"}),
        ("그 후에 무슨 일이 있었어?", "도난 있었어?", [THEFT, OTHER],
         {"intent": "summary", "offset": "(900..", "videos": [11]}),
        ("그 전에는?", "도난 있었어?", [THEFT],
         {"intent": "existence", "types": ["theft"], "offset": "..600)", "videos": [11]}),
        ("그때 다른 사람은 없었어?", "도난 있었어?", [THEFT],
         {"intent": "existence", "offset": "[540..660]"}),
        ("그 사람 언제 나갔어?", "첫 번째 도난은?", [], {"kind": "clarification", "reason": "which_one"}),
    ],
)  # fmt: skip
def test_pointing_back(question: str, before: str, evidence: list[Any], expected: dict[str, Any]) -> None:
    history = [{"prompt": before, "evidence": evidence}]
    assert short(ask(question, video=11, history=history)) == expected


@pytest.mark.parametrize(
    ("question", "video", "complete"),
    [
        ("도난 있었어?", 21, [True]),
        ("도난 있었어?", 22, [False]),
        ("처음 30분 도난", 22, [True]),
        ("마지막 10분 도난", 22, [False]),
        ("3시간 이후 도난", 22, [False]),
        ("70분에 무슨 일", 21, [False]),
        ("오전 7시 40분에 무슨 일", 21, [True]),
        ("오후 3시에 무슨 일", 21, [False]),
        ("오늘 도난 있었어?", 21, [True]),
        ("어제 도난 있었어?", 21, [False]),
        ("도난 있었어?", None, [True, False, True]),
        ("아침에 도난 있었어?", None, [True, False, False]),
    ],
)
def test_coverage(question: str, video: int | None, complete: list[bool]) -> None:
    found = ask(question, site="apartment", video=video)
    assert found.query is not None
    assert [part.complete for part in found.query.coverage] == complete


def many(count: int) -> tuple[Video, ...]:
    start = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)
    return tuple(
        Video(
            id=n, name=f"cam {n}", camera=f"C-{n}", site="본점" if n % 2 else "별관", duration=5400.0 + n,
            recorded_at=start + timedelta(days=n % 200, minutes=n), analyzed_until=5400.0,
        )
        for n in range(1, count + 1)
    )  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        "오후 2시에 도난",
        "오후 2시 이후 폭행",
        "밤에 싸움",
        "2시 반쯤 도난",
        "어제 아침 도난",
        "마지막 10분 도난",
        "후반부 첫 도난",
    ],
)
def test_a_thousand_videos_stay_short(question: str) -> None:
    found = reply(prompt=question, videos=many(1000), chosen=None, now=datetime(2026, 7, 1, tzinfo=UTC))
    assert found.kind == "answer"
    assert found.sql is not None
    assert len(found.sql) < 2_000


def test_every_query_says_itself_back() -> None:
    for question in (
        "10분에서 15분 사이 도난",
        "유형별 건수",
        "the longest fight",
        "도난 말고 이상행동",
        "훔친 직후 나간 사람",
    ):
        found = ask(question)
        assert found.query is not None
        assert found.query.understood
        assert compile_query(found.query).sql == found.sql


@pytest.mark.parametrize(
    ("question", "place", "negated"),
    [
        ("대출대에서 결제한 기록", "대출대", False),
        ("When did it get crowded at the circulation desk?", "circulationdesk", False),
        ("대출대가 아닌 곳에서 결제한 기록", "대출대", True),
    ],
)
def test_a_place_with_brackets_is_either_name(question: str, place: str, *, negated: bool) -> None:
    video = VideoIn(
        id=1,
        name="도서관",
        duration=3600,
        analyzed_until=3600,
        locations=["대출대(Circulation Desk)", "열람실"],
    ).video()
    found = reply(prompt=question, videos=(video,), chosen=1, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert found.sql is not None
    assert f"%{place}%" in found.sql.lower()
    assert ("NOT" in found.sql) == negated
    assert "action_detected LIKE" not in found.sql
