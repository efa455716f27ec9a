"""Asks a question at an invented site and says its reading back in the short form of the case files."""

import json
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from text2sql.contract import VideoIn
from text2sql.engine import Reply, reply
from text2sql.query import Filters, Query
from text2sql.reader.reader import Turn
from text2sql.videos import Video

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def sites() -> dict[str, Any]:
    return json.loads((HERE / "sites.json").read_text(encoding="utf-8"))


def videos_of(site: str) -> tuple[Video, ...]:
    return tuple(VideoIn.model_validate(video).video() for video in sites()[site]["videos"])


def ask(
    question: str,
    *,
    site: str = "airport",
    video: int | None = None,
    history: list[Any] | None = None,
    now: str | None = None,
) -> Reply:
    turns = [
        Turn(turn) if isinstance(turn, str) else Turn(turn["prompt"], tuple(turn["evidence"]))
        for turn in history or []
    ]
    return reply(
        prompt=question,
        videos=videos_of(site),
        chosen=video,
        now=datetime.fromisoformat(now or sites()[site]["now"]),
        history=turns,
    )


def short(found: Reply) -> dict[str, Any]:
    """Only what is there: a key that a case does not name must be absent."""
    if found.kind != "answer":
        assert found.reason is not None
        detail = f":{found.reason.detail}" if found.reason.detail else ""
        return {"kind": found.kind, "reason": found.reason.code + detail}
    assert found.query is not None
    query = found.query
    said: dict[str, Any] = {"intent": query.intent.value, **_filters(query.filters)}
    if left_out := _filters(query.excluded):
        said["not"] = left_out
    said |= _times(query)
    if query.video_choices:
        said["videos"] = list(query.videos)
    if query.extreme:
        said["extreme"] = f"{query.extreme.end} {query.extreme.of}"
    if query.part:
        said["part"] = _filters(query.part)
    if query.part_offset or query.part_clock:
        said["part"] = _times(replace(query, offset=query.part_offset, clock=query.part_clock))
    if query.compare:
        said["compare"] = [side.label for side in query.compare.sides]
    if query.sequence:
        said["first"], said["then"] = _filters(query.sequence.first), _filters(query.sequence.then)
        said["within"] = query.sequence.within
        if not query.sequence.same_person:
            said["any_person"] = True
    for name in ("nth", "group_by", "measure"):
        if value := getattr(query, name):
            said[name] = value
    if query.limit and query.limit > 1:
        said["limit"] = query.limit
    if query.order in ("time_desc", "fewest"):
        said["order"] = query.order
    if query.counted != "events" and query.intent.value in ("grouping", "most_frequent", "comparison"):
        said["counted"] = query.counted
    if query.person_of:
        said["person_of"] = _filters(query.person_of)
    return {key: value for key, value in said.items() if value not in ({}, None)}


def _filters(of: Filters) -> dict[str, Any]:
    said: dict[str, Any] = {
        "types": sorted(of.types),
        "severities": list(of.severities),
        "genders": sorted(of.genders),
        "ages": [[ages.from_, ages.to] for ages in of.ages],
        "places": [" ".join(sorted(where.matched)) if where.matched else where.said for where in of.places],
        "words": [what.patterns[0] for what in of.words],
        "tracks": sorted(of.tracks),
        "events": list(of.event_ids),
    }
    for name in ("confidence", "duration"):
        if ends := getattr(of, name):
            said[name] = _ends(ends.from_, ends.to, ends.from_inclusive, ends.to_inclusive)
    return {key: value for key, value in said.items() if value}


def _ends(low: Any, high: Any, low_in: bool, high_in: bool) -> str:
    start = "" if low is None else f"{'[' if low_in else '('}{_plain(low)}"
    end = "" if high is None else f"{_plain(high)}{']' if high_in else ')'}"
    return f"{start}..{end}"


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def _times(query: Query) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if span := query.offset:
        if span.from_ is None and span.to is None:
            ends = _ends(span.anchor_from, span.anchor_to, span.from_inclusive, span.to_inclusive)
            said["offset"] = f"{span.anchor} {ends}"
        else:
            said["offset"] = _ends(span.from_, span.to, span.from_inclusive, span.to_inclusive)
        if span.negated:
            said["offset"] = "not " + said["offset"]
    if query.clock:
        windows = [
            _ends(_short(w.from_), _short(w.to), w.from_inclusive, w.to_inclusive)
            for w in query.clock.windows
        ]
        said["clock"] = " | ".join(windows)
        if query.clock.negated:
            said["clock"] = "not " + said["clock"]
    return said


def _short(moment: str | None) -> str | None:
    """06-09 22:40, local."""
    return None if moment is None else datetime.fromisoformat(moment).strftime("%m-%d %H:%M")
