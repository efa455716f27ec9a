"""Reads a question, and the questions before it, into one typed query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from text2sql.query import Intent, Query
from text2sql.reader.amounts import read_confidence, read_durations, read_wanted
from text2sql.reader.asking import Asked
from text2sql.reader.compose import compose
from text2sql.reader.dates import DayRead
from text2sql.reader.draft import Draft, Fact, draft
from text2sql.reader.follow_up import Earlier, inherit, leans, points_back
from text2sql.reader.joins import read_mixtures, read_sequence, read_subjects
from text2sql.reader.kinds import read_groups, read_types, read_words
from text2sql.reader.leftovers import left_over, read_tracks
from text2sql.reader.negations import read_negations
from text2sql.reader.people import read_people
from text2sql.reader.places import read_places, read_videos
from text2sql.reader.refusals import LONGEST, refuse
from text2sql.reader.times import read_times
from text2sql.videos import Brought, Video, brought_by
from text2sql.words.asides import without_asides
from text2sql.words.segment import segment
from text2sql.words.text import Text, normalise


@dataclass(frozen=True, slots=True)
class Turn:
    """`now`: when it was asked, if not just now; its 어제 stays the day that it was."""

    prompt: str
    evidence: tuple[Mapping[str, Any], ...] = ()
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """`refusal` is a code, with "clarify:" before it where the person should say more."""

    query: Query
    refusal: str | None
    facts: tuple[Fact, ...]


_BEGINNING = 100  # of a question that is too long: enough to say in which language to refuse it
_EARLIER = 300  # characters of earlier questions that are read again


def _worth_reading(history: Sequence[Turn]) -> list[Turn]:
    kept: list[Turn] = []
    left = _EARLIER
    for turn in reversed(history):
        left -= len(turn.prompt)
        if left < 0:
            break
        kept.insert(0, turn)
    return kept


def read(
    *,
    prompt: str,
    videos: tuple[Video, ...],
    chosen: int | None,
    now: datetime,
    history: Sequence[Turn] = (),
) -> Reading:
    earlier: Earlier | None = None
    asked_before: Asked | None = None
    for turn in _worth_reading(history):
        before = _read_one(turn.prompt, videos, chosen, turn.now or now, earlier, asked_before)
        if before.refusal is None or earlier is None:
            earlier = _as_earlier(before, turn)
            asked_before = _as_asked(before.query)
    return _read_one(prompt, videos, chosen, now, earlier, asked_before)


_PLAIN = frozenset(
    {
        Intent.EXISTENCE,
        Intent.WHEN,
        Intent.WHERE,
        Intent.LIST,
        Intent.WHO,
        Intent.SUMMARY,
        Intent.COUNT_EVENTS,
        Intent.COUNT_PERSONS,
        Intent.COUNT_VEHICLES,
        Intent.ATTRIBUTE,
        Intent.AVERAGE,
        Intent.PATH,
    }
)


def _as_earlier(reading: Reading, turn: Turn) -> Earlier:
    return Earlier(
        facts=tuple(_pinned(fact, turn.now) for fact in reading.facts if fact.kind != "wanted"),
        intent=reading.query.intent.value,
        asks=reading.query.asks,
        evidence=turn.evidence,
        plain=reading.query.intent in _PLAIN,
    )


def _pinned(fact: Fact, asked_at: datetime | None) -> Fact:
    """The 어제 of a question that was asked before midnight stays the day that it was."""
    if not isinstance(fact.value, DayRead) or fact.value.counted_from is not None:
        return fact
    return replace(fact, value=replace(fact.value, counted_from=asked_at))


def _as_asked(query: Query) -> Asked:
    return Asked(
        intent=query.intent,
        asks=query.asks,
        extreme=query.extreme,
        group_by=query.group_by,
        measure=query.measure,
        order=query.order,
        limit=query.limit,
        nth=query.nth,
        counted=query.counted,
    )


def _read_one(
    prompt: str,
    videos: tuple[Video, ...],
    chosen: int | None,
    now: datetime,
    earlier: Earlier | None,
    asked_before: Asked | None,
) -> Reading:
    text = normalise(prompt)
    too_long = len(text.said) > LONGEST
    if too_long:
        text = Text(text.said[:_BEGINNING], text.low[:_BEGINNING])
    scope = tuple(video for video in videos if video.id == chosen) if chosen is not None else videos
    brought = brought_by(videos, text.said)
    asked = without_asides(text.said, lambda words: _kinds(words, brought))
    if asked != text.said:
        text = normalise(asked)
    tokens = segment(text, brought.names, brought.actions)
    it = draft(said=text.said, tokens=tokens, videos=scope, brought=brought)
    if too_long:
        it.refusals.append("clarify:too_long")
    _recognise(it)
    inherited: tuple[str, ...] = ()
    refers = points_back(it)
    follows = earlier is not None and (refers or leans(it))
    if earlier and follows:
        inherited = inherit(it, earlier)
    elif refers and earlier is None:
        it.notes.add("points_nowhere")
    order = read_sequence(it)
    if order is None:
        read_mixtures(it)
        if "absence" not in it.notes:
            read_subjects(it)
    unknown = left_over(it)
    query = compose(
        draft=it,
        order=order,
        videos=videos,
        chosen=chosen,
        now=now,
        follows=follows,
        inherited=inherited,
        earlier_asked=asked_before,
    )
    certainty = max(0.0, 1.0 - sum(it.doubts.values()))
    query = replace(query, certainty=round(certainty, 3), not_understood=tuple(dict.fromkeys(unknown)))
    return Reading(query=query, refusal=refuse(draft=it, query=query, videos=videos), facts=tuple(it.facts))


def _kinds(words: str, brought: Brought) -> set[str]:
    tokens = segment(normalise(words), brought.names, brought.actions)
    return {kind for token in tokens for kind in token.by_kind}


def _recognise(it: Draft) -> None:
    """The order is the grammar's: what a recogniser takes is gone for those after it."""
    read_videos(it)
    read_confidence(it)
    read_durations(it)
    read_people(it)
    read_times(it)
    read_wanted(it)
    read_places(it)
    read_tracks(it)
    read_types(it)
    read_groups(it)
    read_words(it)
    read_negations(it)
