"""The videos in scope as data, bounded: what the question mentions first, then what is frequent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from apps.api.asking.question import Question, Scoped
from apps.api.bedrock_service.quoting import cut, quoted, quoted_lines
from apps.api.types import VideoInfo
from semantics import VOCABULARY

MOST_VIDEOS = 100
MOST_NAMES = 300
"""Sites and cameras of videos that are not listed one by one."""
MOST_PLACES = 400
MOST_ACTIONS = 200
LONGEST_NAME = 120
LONGEST_WORD = 80
MOST_THINGS = 20


def videos_data(question: Question) -> str:
    """One line a video; where there are too many, the rest in a summary."""
    scope = sorted(question.scope, key=lambda scoped: not _mentioned(scoped.video, question.prompt))
    listed, rest = scope[:MOST_VIDEOS], scope[MOST_VIDEOS:]
    listed.sort(key=lambda scoped: scoped.video.id)
    places = _shared_out((s.video.id, s.locations) for s in listed)
    actions = _shared_out((s.video.id, s.actions) for s in listed)
    kept_places = _kept(places, question.prompt, MOST_PLACES)
    kept_actions = _kept(actions, question.prompt, MOST_ACTIONS)
    entries: list[dict[str, Any]] = [
        _entry(s, kept_places.get(s.video.id, []), kept_actions.get(s.video.id, [])) for s in listed
    ]
    if rest:
        entries.append(_summary(rest))
    return quoted_lines(entries)


def words_data(prompt: str) -> str:
    """The twins of things that the question mentions: bag is 가방 in the data."""
    rows, korean, latin = _things()
    lowered = prompt.casefold()
    joined = lowered.replace(" ", "")
    found = set(_stems_at(joined, korean, range(len(joined))))
    begins = (at for at in range(len(lowered)) if at == 0 or not lowered[at - 1].isalpha())
    found |= set(_stems_at(lowered, latin, begins))
    return quoted([rows[row] for row in sorted(found)[:MOST_THINGS]])


# The first letter of a stem → stems that begin with it, and the rows that they stand in.
Stems = Mapping[str, Sequence[tuple[str, int]]]


@cache
def _things() -> tuple[list[list[str]], Stems, Stems]:
    """The words of each thing, and their stems: the Korean ones without spaces, then the Latin ones."""
    rows: list[list[str]] = []
    korean: dict[str, list[tuple[str, int]]] = {}
    latin: dict[str, list[tuple[str, int]]] = {}
    for thing in VOCABULARY.things:
        for word in (*thing.ko, *thing.en):
            stem = word[:-1] if word.endswith("다") and len(word) > 2 else word
            if stem.isascii():
                latin.setdefault(stem[0].casefold(), []).append((stem.casefold(), len(rows)))
            else:
                korean.setdefault(stem[0], []).append((stem.replace(" ", ""), len(rows)))
        rows.append([*thing.ko, *thing.en])
    return rows, korean, latin


def _stems_at(text: str, stems: Stems, places: Iterable[int]) -> Iterator[int]:
    for at in places:
        for stem, row in stems.get(text[at], ()):
            if text.startswith(stem, at):
                yield row


def _entry(scoped: Scoped, places: list[str], actions: list[str]) -> dict[str, Any]:
    video = scoped.video
    entry: dict[str, Any] = {
        "id": video.id,
        "name": cut(video.name, LONGEST_NAME),
        "camera": cut(video.camera, LONGEST_NAME),
        "site": cut(video.site, LONGEST_NAME),
        "duration": video.duration,
        "analyzed_until": video.analyzed_until,
        **_recorded(video),
        "places": places,
        "actions": actions,
    }
    return {key: value for key, value in entry.items() if value not in ("", None, [])}


def _recorded(video: VideoInfo) -> dict[str, str]:
    if video.recorded_at is None:
        return {"timezone": video.timezone}
    start = video.recorded_at.astimezone(ZoneInfo(video.timezone))
    recorded = {"timezone": video.timezone, "recorded_from": start.isoformat()}
    if video.duration is not None:
        end = (video.recorded_at + timedelta(seconds=video.duration)).astimezone(start.tzinfo)
        recorded["recorded_to"] = end.isoformat(timespec="seconds")
    return recorded


def _summary(rest: list[Scoped]) -> dict[str, Any]:
    sites = dict.fromkeys(cut(s.video.site, LONGEST_NAME) for s in rest if s.video.site)
    cameras = dict.fromkeys(cut(s.video.camera, LONGEST_NAME) for s in rest if s.video.camera)
    return {
        "and_so_many_more_videos": len(rest),
        "their_sites": list(sites)[:MOST_NAMES],
        "their_cameras": list(cameras)[:MOST_NAMES],
    }


def _mentioned(video: VideoInfo, prompt: str) -> bool:
    plain = prompt.casefold().replace(" ", "")
    names = (name.casefold().replace(" ", "") for name in (video.name, video.camera, video.site))
    return any(len(name) > 1 and name in plain for name in names)


def _shared_out(words: Iterable[tuple[int, tuple[str, ...]]]) -> Iterator[tuple[int, str]]:
    """The most frequent word of each video, then the second of each, and so on."""
    queues = [(video, list(found)) for video, found in words]
    depth = 0
    while any(depth < len(found) for _, found in queues):
        yield from ((video, found[depth]) for video, found in queues if depth < len(found))
        depth += 1


def _kept(words: Iterator[tuple[int, str]], prompt: str, most: int) -> dict[int, list[str]]:
    plain = prompt.casefold()
    every = list(words)
    if len(every) > most:
        # Stable: among the mentioned, and among the others, the frequent ones stay first.
        every.sort(key=lambda pair: not _touches(pair[1], plain))
    kept: dict[int, list[str]] = {}
    for video, word in every[:most]:
        kept.setdefault(video, []).append(cut(word, LONGEST_WORD))
    return kept


def _touches(word: str, plain: str) -> bool:
    """A part of the word, of two letters at least, stands in the question."""
    return any(
        len(part) > 1 and any(part[at : at + 2] in plain for at in range(len(part) - 1))
        for part in word.casefold().split()
    )
