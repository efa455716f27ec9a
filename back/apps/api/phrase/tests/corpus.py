"""Readings, rows and evidence at random, as the engines make them: for what must hold of every answer."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random

from apps.api.phrase.gaps import whole_videos
from apps.api.types import Coverage, EventRow, Evidence, Plan, Result, VideoInfo
from semantics import VOCABULARY

TYPES = [t.code for t in VOCABULARY.event_types]
PLACES = ["정문", "3번 계산대", "지하 2층 구역 C", "stairs B", "냉장 코너", "Gate 12", "", "통로 4-2"]
ACTIONS = [
    "가방에 넣음",
    "물건 2개 집기",
    "running",
    "밀치기",
    "",
    "“말다툼”",
    "5분간 서성거림",
    "three boxes",
]
NAMES = ["1층 로비", "주차장 CCTV", "Warehouse 7", "복도"]
KOREA = timezone(timedelta(hours=9))
NOW = datetime(2026, 6, 20, 9, 30, tzinfo=KOREA)


def _video(r: Random, number: int) -> VideoInfo:
    duration = float(r.choice([600, 1200, 3600, 5400, 86400]))
    known = r.random() < 0.75
    return VideoInfo(
        id=number,
        name=NAMES[number % len(NAMES)],
        camera=r.choice(["", f"CAM-0{number}"]),
        site=r.choice(["", "한빛점"]),
        duration=duration,
        recorded_at=datetime(
            2026, r.randint(1, 6), r.randint(1, 20), r.randint(0, 23), r.choice([0, 15, 59]), tzinfo=KOREA
        )
        if known
        else None,
        timezone=r.choice(["Asia/Seoul", "Asia/Seoul", "Europe/Berlin", "UTC"]),
        analyzed_until=duration if r.random() < 0.7 else float(int(duration * r.random())),
    )


def _event(r: Random, number: int, video: VideoInfo, event_type: str) -> EventRow:
    # Never past the half second: a second more is then wrong, not rounded.
    at = int(r.random() * (video.duration or 600)) + r.choice([0, 0.04, 0.3, 0.481])
    long = r.random() < 0.5
    return EventRow(
        id=number,
        video_id=video.id,
        timestamp=at,
        end_timestamp=round(at + r.choice([0.4, 7.25, 59.6, 61, 754, 3725]), 2) if long else None,
        occurred_at=video.recorded_at + timedelta(seconds=at)
        if video.recorded_at and r.random() < 0.9
        else None,
        event_type=event_type,
        severity=VOCABULARY.event_type(event_type).severity,
        action_detected=r.choice(ACTIONS),
        location=r.choice(PLACES),
        age=r.choice([None, *range(3, 90, 4)]),
        gender=r.choice(["male", "female", "unknown"]),
        confidence=round(r.uniform(0.3, 1), 3),
        track_id=r.choice([None, f"P{r.randint(1, 40):03}"]),
    )


def _filters(r: Random) -> dict:
    out: dict = {}
    if r.random() < 0.6:
        out["types"] = r.sample(TYPES, r.choice([1, 1, 1, 2, 3]))
    elif r.random() < 0.5:
        out["group"] = r.choice([g.code for g in VOCABULARY.event_groups])
    if r.random() < 0.2:
        out["places"] = [{"said": r.choice(["계산대", "2층 복도", "lobby 3"])}]
    if r.random() < 0.2:
        out["genders"] = [r.choice(["male", "female"])]
    if r.random() < 0.2:
        low, high = r.choice([(20, 29), (None, 18), (65, None), (37, 39), (41, 41)])
        out["ages"] = [{"from": low, "to": high, "said": ""}]
    if r.random() < 0.1:
        out["confidence"] = {"from": r.choice([None, 0.9]), "to": 0.95}
    return out


def _spans(r: Random, video: VideoInfo) -> dict:
    duration = video.duration or 600.0
    if r.random() < 0.5:
        low = r.choice([None, float(r.randint(0, int(duration)))])
        high = None if low is None else r.choice([None, low + r.choice([59, 60, 300, 4000])])
        return {"offset": {"from": low, "to": 300.0 if low is None else high}}
    if video.recorded_at and r.random() < 0.6:
        start = video.recorded_at + timedelta(minutes=r.randint(0, 90))
        end = start + timedelta(minutes=r.choice([1, 60, 780]))
        window = {"from": start.isoformat(), "to": r.choice([None, end.isoformat()])}
        return {"clock": {**window, "windows": [window], "said": "그때"}}
    return {}


def _labels(r: Random, by: str) -> list:
    return {
        "type": r.sample(TYPES, 4),
        "place": ["3번 계산대", "정문", "지하 2층 구역 C", ""],
        "gender": ["male", "female", "unknown"],
        "age_decade": r.sample([10, 20, 30, 40, 60], 3),
        "minute": r.sample(range(60), 4),
        "hour": r.sample(range(24), 4),
        "date": ["2026-06-19", "2026-06-20", "2025-12-31"],
        "camera": ["CAM-01", "CAM-02", "CAM-03"],
        "severity": [0, 1, 2],
    }[by]


def case(r: Random) -> dict:
    """The arguments of `templated` but the language."""
    videos = tuple(_video(r, n) for n in range(1, r.choice([2, 2, 2, 3, 4])))
    filters = _filters(r)
    kinds = filters.get("types") or r.sample(TYPES, r.choice([1, 3, 8]))
    found = [
        _event(r, 100 + n, r.choice(videos), r.choice(kinds))
        for n in range(r.choice([0, 1, 1, 2, 3, 9, 14, 40]))
    ]
    found.sort(key=lambda event: (event.video_id, event.timestamp))
    query = {
        "intent": r.choice(sorted(ANSWERS)),
        "filters": filters,
        **_spans(r, videos[0]),
        "videos": [videos[0].id] if r.random() < 0.2 else [],
        "asks": r.choice(["list", "how_long", "camera"]),
        "certainty": r.choice([1.0, 0.9, 0.7]),
        "understood": "도난, 로비, 여성",
    }
    if genders := filters.get("genders"):
        found = [replace(event, gender=genders[0]) for event in found]
    if ages := filters.get("ages"):
        low, high = ages[0]["from"] or 0, ages[0]["to"] or 99
        found = [replace(event, age=r.randint(low, high)) for event in found]
    events, result = ANSWERS[query["intent"]](r, query, found)
    cut = events[: r.choice([5, 100])]
    plan = Plan("answer", query=query if r.random() < 0.85 else None, intent=query["intent"])
    return {
        "plan": plan,
        "result": result,
        "evidence": Evidence(tuple(cut), len(events)),
        "coverage": _coverage(r, videos),
        "videos": videos,
        "now": NOW,
    }


def _coverage(r: Random, videos: tuple[VideoInfo, ...]) -> tuple[Coverage, ...]:
    covered = whole_videos(videos)
    if r.random() < 0.3:
        low = float(r.randint(0, 4000))
        covered = tuple(
            replace(c, from_=low, to=low + 300, complete=c.analyzed_until >= low + 300) for c in covered
        )
    return covered if r.random() < 0.9 else ()


def _events(r: Random, query: dict, found: list) -> tuple[list, Result]:
    return found, Result(("id",), tuple((event.id,) for event in found[:100]), r.random() < 0.05)


def _few(r: Random, query: dict, found: list) -> tuple[list, Result]:
    query["limit"] = query["nth"] = r.choice([1, 2, 3, 11])
    query["order"] = r.choice(["time", "time_desc"])
    return _events(r, query, found[: query["limit"]])


def _extreme(r: Random, query: dict, found: list) -> tuple[list, Result]:
    of = r.choice(["duration", "age", "confidence"])
    query["extreme"] = {"of": of, "end": r.choice(["most", "least"])}
    measure = {"duration": lambda e: e.length, "age": lambda e: e.age, "confidence": lambda e: e.confidence}[
        of
    ]
    found = [event for event in found if measure(event) is not None]
    return _events(r, query, [event for event in found if measure(event) == measure(found[0])])


def _sequence(r: Random, query: dict, found: list) -> tuple[list, Result]:
    within = r.choice([None, 60.0, 20.0, 300.0])
    query["sequence"] = {
        "first": {"types": ["fight"]},
        "then": {"types": query["filters"].get("types", [])},
        "within": within,
    }
    return _events(r, query, found)


def _path(r: Random, query: dict, found: list) -> tuple[list, Result]:
    query["filters"] = {"tracks": ["P009"]} if r.random() < 0.7 else {}
    return _events(r, query, found)


def _value(value) -> Result:
    return Result(("value",), ((value,),))


def _count(r: Random, query: dict, found: list) -> tuple[list, Result]:
    return found, _value(len(found))


def _tracks(r: Random, query: dict, found: list) -> tuple[list, Result]:
    return found, _value(len({(e.video_id, e.track_id) for e in found if e.track_id}))


def _ratio(r: Random, query: dict, found: list) -> tuple[list, Result]:
    query["part"] = {"genders": ["female"]}
    found = [replace(event, gender="female") for event in found]
    return found, _value(100 * len(found) / (len(found) + r.randint(1, 50)) if found else None)


def _average(r: Random, query: dict, found: list) -> tuple[list, Result]:
    query["measure"] = r.choice(["age", "duration", "confidence"])
    known = [
        v
        for e in found
        if (v := {"age": e.age, "duration": e.length}.get(query["measure"], e.confidence)) is not None
    ]
    return found, _value(sum(known) / len(known) if known else None)


def _total(r: Random, query: dict, found: list) -> tuple[list, Result]:
    query["measure"] = "duration"
    known = [e.length for e in found if e.length is not None]
    return found, _value(sum(known) if known else None)


def _attribute(r: Random, query: dict, found: list) -> tuple[list, Result]:
    query["measure"] = r.choice(["age", "gender", "confidence", "duration"])
    name = {"duration": "length"}.get(query["measure"], query["measure"])
    values = dict.fromkeys(getattr(event, name) for event in found)
    return found, Result(("value",), tuple((value,) for value in values if value is not None))


def _rows(r: Random, query: dict, found: list) -> tuple[list, Result]:
    query["group_by"] = by = r.choice(
        ["type", "place", "gender", "age_decade", "minute", "hour", "date", "camera", "severity"]
    )
    query["counted"] = r.choice(["events", "persons", "vehicles"])
    query["order"] = r.choice(["most", "fewest"])
    rows = tuple(
        (label, r.choice([1, 2, 3, 7, 19, 35, 1240])) for label in _labels(r, by)[: r.choice([1, 2, 4])]
    )
    if query["intent"] == "most_frequent":
        rows = tuple((label, rows[0][1]) for label, _ in rows)
    return [], Result(("label", "n"), rows)


def _comparison(r: Random, query: dict, found: list) -> tuple[list, Result]:
    by = r.choice(["type", "gender", "place", "camera"])
    query["compare"] = {"by": by, "sides": []}
    rows = tuple((label, r.choice([0, 1, 2, 7, 19])) for label in _labels(r, by)[: r.choice([2, 2, 3])])
    return [], Result(("label", "n"), rows)


ANSWERS = {
    **dict.fromkeys(("existence", "when", "where", "list", "who", "summary"), _events),
    **dict.fromkeys(("first", "last", "nth"), _few),
    **dict.fromkeys(("sequence", "absence"), _sequence),
    **dict.fromkeys(("count_persons", "count_vehicles"), _tracks),
    **dict.fromkeys(("grouping", "most_frequent"), _rows),
    "extreme": _extreme,
    "path": _path,
    "count_events": _count,
    "ratio": _ratio,
    "average": _average,
    "total": _total,
    "attribute": _attribute,
    "comparison": _comparison,
}
