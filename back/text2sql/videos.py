"""The videos that a question may be about, and the words that they bring: names, places, actions."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from text2sql.semantics_rows import place_row
from text2sql.words.english import deeds_of
from text2sql.words.hangul import is_syllable, letters
from text2sql.words.lexicon import LEXICON, Index
from text2sql.words.text import compact
from text2sql.words.tokens import Sense

DEFAULT_ZONE = "Asia/Seoul"


@dataclass(frozen=True, slots=True)
class Video:
    id: int
    name: str = ""
    camera: str = ""
    site: str = ""
    duration: float | None = None
    recorded_at: datetime | None = None
    timezone: str = DEFAULT_ZONE
    analyzed_until: float | None = None
    locations: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return _zone(self.timezone)

    @property
    def starts(self) -> datetime | None:
        return self.recorded_at.astimezone(self.zone) if self.recorded_at else None

    @property
    def ends(self) -> datetime | None:
        start = self.starts
        return start + timedelta(seconds=self.duration or 0.0) if start else None


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)


@dataclass(frozen=True)
class Brought:
    """What the request adds to the lexicon. `places` maps a place's letters without spaces to itself."""

    names: Index
    actions: Index
    places: dict[str, str]
    deeds: dict[str, str]  # each word of an action by its letters: 가져감 is a form of 가져가다
    by_name: dict[str, tuple[int, ...]]
    by_camera: dict[str, tuple[int, ...]]
    by_site: dict[str, tuple[int, ...]]


_GENERIC = re.compile(r"(?:cctv|카메라|캠|영상|비디오|camera|cam|video|footage)$")
_SITE_SUFFIX = re.compile(r"(?:지점|점|센터|매장|branch|store|site|center)$")
_CHEAP = 5_000  # characters of places and actions: what they weigh in an index is the work of a question
_NUMBERED = re.compile(r"\d+(?:번|호|층)?")
_LAST_NUMBER = re.compile(r"(\d{1,4})\s*$")
_HEADS = 8  # words of a place that are looked for
_CAMERAS = ("c", "cam", "camera", "cctv", "카메라", "캠")
_Key = tuple[tuple[int, str, str, str, tuple[str, ...], tuple[str, ...]], ...]


def brought_by(videos: tuple[Video, ...], said: str = "") -> Brought:
    """Indexed whole and kept where that is cheap; of a great many, only what the question may name."""
    if sum(len(phrase) for v in videos for phrase in (*v.locations, *v.actions)) <= _CHEAP:
        return _brought(tuple((v.id, v.name, v.camera, v.site, v.locations, v.actions) for v in videos))
    asked = compact(said)
    places = _named_in(asked, [phrase for v in videos for phrase in v.locations])
    actions = _named_in(asked, [phrase for v in videos for phrase in v.actions])
    return _brought(
        tuple(
            (
                v.id,
                v.name,
                v.camera,
                v.site,
                tuple(phrase for phrase in v.locations if phrase in places),
                tuple(phrase for phrase in v.actions if phrase in actions),
            )
            for v in videos
        )
    )


def _named_in(asked: str, phrases: list[str]) -> frozenset[str]:
    """Of each word that the question seems to say, the phrases that have the most of the others as well."""
    by_head: dict[str, list[str]] = {}
    hits: dict[str, int] = {}
    absent: set[str] = set()
    for phrase in phrases:
        if phrase in hits:
            continue
        hits[phrase] = 0
        for head in _heads(phrase):
            if head in absent:
                continue
            if head in by_head or head in asked:
                by_head.setdefault(head, []).append(phrase)
                hits[phrase] += 1
            else:
                absent.add(head)
    kept: set[str] = set()
    for named in by_head.values():
        room = _CHEAP // len(by_head)
        for phrase in sorted(named, key=lambda p: -hits[p]):
            room -= len(phrase)
            if room < 0:
                break
            kept.add(phrase)
    return frozenset(kept)


@lru_cache(maxsize=20_000)
def _heads(phrase: str) -> tuple[str, ...]:
    words = phrase.lower().split(maxsplit=_HEADS)[:_HEADS]
    return tuple(dict.fromkeys(word[:3] for word in words if len(word) > 1))


@lru_cache(maxsize=16)
def _brought(videos: _Key) -> Brought:
    names, actions = Index(), Index()
    found: dict[str, dict[str, list[int]]] = {"name": {}, "camera": {}, "site": {}}
    for video_id, name, camera, site, _, _ in videos:
        for by, said in (("name", name), ("camera", camera), ("site", site)):
            for alias in _aliases(by, said):
                found[by].setdefault(alias, []).append(video_id)
    _by_number(found["camera"], [(video_id, camera) for video_id, _, camera, *_ in videos])
    for by, aliases in found.items():
        for alias in aliases:
            names.put(alias, Sense("video_" + by, alias))
    places = {compact(place): place for *_, locations, _ in videos for place in locations if place.strip()}
    for piece in _pieces(places):
        names.put(piece.replace("-", ""), Sense("location", piece))
    for video_id, name, *_ in videos:
        if (tail := _tail(name)) and not any(word in place for word in _twins(tail) for place in places):
            found["name"].setdefault(tail, []).append(video_id)
            names.put(tail, Sense("video_name", tail))
    deeds: dict[str, str] = {}
    for *_, done in videos:
        for action in done:
            if phrase := _action_phrase(action):
                actions.put(compact(phrase), Sense("action", phrase))
            for word in _action_words(action):
                actions.put(word, Sense("action", word))
                deeds[letters(word)] = word
                for form in deeds_of(word):
                    actions.put(form, Sense("action", word))
    frozen = {by: {alias: tuple(ids) for alias, ids in aliases.items()} for by, aliases in found.items()}
    return Brought(names, actions, places, deeds, frozen["name"], frozen["camera"], frozen["site"])


def _tail(name: str) -> str:
    """전시실 of "도자기 전시실": where no place is called so, it is the video that is meant."""
    words = [compact(word) for word in name.split()]
    if len(words) < 2 or len(words[-1]) < 2 or _GENERIC.sub("", words[-1]) != words[-1]:
        return ""
    return words[-1] if _stands_alone(words[-1]) else ""


def _twins(word: str) -> set[str]:
    """A kind of place by all its names: 입구 is the entrance of the data."""
    entry = LEXICON.korean.get(word)
    rows = [place_row(sense.value) for sense in entry.senses if sense.kind == "place"] if entry else []
    return {word} | {compact(twin) for row in rows for twin in (*row.ko, *row.en)}


def _by_number(aliases: dict[str, list[int]], cameras: list[tuple[int, str]]) -> None:
    """2번 카메라, camera 2: PT-02, where no other camera has that number."""
    numbered: dict[int, set[str]] = {}
    for _, camera in cameras:
        if match := _LAST_NUMBER.search(camera):
            numbered.setdefault(int(match.group(1)), set()).add(camera)
    for video_id, camera in cameras:
        match = _LAST_NUMBER.search(camera)
        if match is None or len(numbered[int(match.group(1))]) > 1:
            continue
        number = int(match.group(1))
        for alias in (
            f"{number}번카메라",
            f"카메라{number}",
            f"{number}번cctv",
            f"camera{number}",
            f"cam{number}",
        ):
            if video_id not in aliases.setdefault(alias, []):
                aliases[alias].append(video_id)


@lru_cache(maxsize=8192)
def _aliases(by: str, said: str) -> frozenset[str]:
    key = compact(said).replace("-", "").replace("_", "")
    if len(key) < 2 or key.isdigit():
        return frozenset()
    found = {key}
    if by == "camera":
        match = re.search(r"^(\D+)0*(\d+)번?$", key)
        if match:
            kind, number = match.groups()
            found |= {f"{kind}{number}", f"{kind}{int(number):02}"}
            if kind in _CAMERAS:
                found |= {f"{word}{number}" for word in _CAMERAS}
                found |= {f"{number}번{word}" for word in _CAMERAS[-2:]} | {f"{number}번cctv"}
                found |= {f"{word}{number}번" for word in _CAMERAS}
    if by == "name":
        bare = _GENERIC.sub("", key)
        if bare != key and len(bare) >= 2:
            found |= {bare + word for word in ("cctv", "카메라", "캠", "camera")}
        else:
            found |= {key + word for word in ("cctv", "카메라", "캠", "camera", "영상", "video")}
    if by == "site":
        bare = _SITE_SUFFIX.sub("", key)
        if len(bare) >= 2 and bare not in LEXICON.korean:
            found.add(bare)
    return frozenset(alias for alias in found if alias not in _NO_NAMES)


_NO_NAMES = {"카메라", "영상", "cctv", "매장", "camera", "video", "매장영상"}


_LONGEST_RUN = 4


# 대출대(Circulation Desk) is either, and both.
_BRACKETS = re.compile(r"[()\[\]{}/|·]+")


def _pieces(places: dict[str, str]) -> set[str]:
    """Each place, and each run of its words: a question names "구역 B" of "지하 1층 주차 구역 B"."""
    pieces = set(places)
    for place in places.values():
        for part in _BRACKETS.split(place):
            pieces |= _runs_of([compact(word) for word in part.split()])
    return pieces


def _runs_of(words: list[str]) -> set[str]:
    pieces: set[str] = set()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST_RUN) + 1):
            run = words[start:end]
            piece = "".join(run)
            if end - start == 1 and not _stands_alone(piece):
                continue
            pieces.add(piece)
            if end - start == 2 and len(run[1]) <= 2 and run[1].isascii():
                pieces.add(run[1] + run[0])  # B 구역 for 구역 B
    return pieces


_PLACE_KINDS = {"place", "location"}


def _stands_alone(word: str) -> bool:
    if len(word) < 2 or word.isdigit() or _NUMBERED.fullmatch(word):
        return False  # 1번 선석 is not meant by 1번 카메라
    entry = LEXICON.korean.get(word)
    senses = entry.senses if entry else next((s for _, s in LEXICON.phrases([word], 0)), ())
    return not senses or any(sense.kind in _PLACE_KINDS for sense in senses)


def _action_phrase(action: str) -> str | None:
    """담 넘기: "담 넘은 학생" has it as it stands, up to the ending."""
    if len(action.split()) == 2 and action[-1] in "기" and is_syllable(action[0]):
        return action[:-1].lower()
    return None


_JOSA_TAIL = re.compile(r"(?:에서|으로|에게|에|을|를|이|가|은|는|로|와|과|의)$")


def _action_words(action: str) -> set[str]:
    found = set()
    for raw in action.split():
        word = compact(raw)
        if not word or not is_syllable(word[0]):
            if len(word) >= 3 and word.isalnum():
                found.add(word)
            continue
        bare = _JOSA_TAIL.sub("", word) if len(word) > 2 else word
        if len(bare) > 2 and bare.endswith("기"):
            bare = bare[:-1]
        if len(bare) >= 2:
            found.add(bare)
    return found
