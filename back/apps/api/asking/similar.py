"""Step 6 as well: events that are near in meaning, where a question is about a scene that no column holds.

What is near is not what was asked for: it is told as similar, stands in the evidence only where the answer
speaks of it, and is looked for as the reader, in the scope and the span of the question.
"""

import logging
import threading
import time
from collections.abc import Iterable

import psycopg2
from django.conf import settings

from apps.api.asking.coverage import Span
from apps.api.asking.engine import Found, QuestionCancelled, Spent
from apps.api.asking.evidence import in_time, whole_events
from apps.api.asking.question import Question
from apps.api.types import Citation, Evidence, Similar
from apps.db.reader import reader
from apps.db.vectors.searching import Index, Near, Within, index_of, nearest, whole
from apps.db.vectors.writing import unit

logger = logging.getLogger(__name__)

MOST = 10
LOOKED_AT = 60
# Cameras say the same thing over and over: of what is said in the same words, so many.
ALIKE = 2
SECONDS = 6.0
# How long it is believed that there is something to search, or nothing.
BELIEVED_SECONDS = 60.0


class CannotSearch(Exception):
    """The model, or the database, did not answer; the question may be answered without."""


_known: dict[tuple[str, str, int], tuple[float, Index | None]] = {}


def available() -> bool:
    """Costs nothing where no model is set, and a look a minute where one is."""
    return settings.USE_BEDROCK and bool(settings.LLM.models("embed")) and _index() is not None


def _index() -> Index | None:
    from llm.accepts import bare_id

    name, requested = bare_id(settings.LLM.embedding_model()), settings.LLM.embedding_dimensions or 0
    key = (settings.READER_DATABASE_URL, name, requested)
    looked_at, index = _known.get(key, (0.0, None))
    if key in _known and time.monotonic() - looked_at < BELIEVED_SECONDS:
        return index
    try:
        with reader(video_ids=[]) as cursor:
            index = index_of(cursor, name=name, requested=requested)
    except psycopg2.Error as error:
        # The reader may not have been told of these tables yet: manage.py ensure_reader.
        logger.warning("search by meaning is not possible", extra={"why": type(error).__name__})
        index = None
    _known[key] = (time.monotonic(), index)
    return index


def forget_index() -> None:
    _known.clear()


def similar_to(
    meaning: str, question: Question, *, span: Span, cancel: threading.Event
) -> tuple[Similar, Spent]:
    """Raises CannotSearch or QuestionCancelled."""
    index = _index()
    if index is None:
        raise CannotSearch("there is no index")
    vector, spent = _vector(meaning, cancel)
    if len(vector) != index.dimensions:
        raise CannotSearch(f"the model gave {len(vector)} numbers, the index has {index.dimensions}")
    asked = [i for i in question.video_ids if not span.videos or i in span.videos]
    within = Within(span.from_, span.to, span.clock_from, span.clock_to)
    try:
        with reader(video_ids=question.video_ids) as cursor:
            near = _told_apart(nearest(cursor, index, vector, video_ids=asked, within=within, most=LOOKED_AT))
            rows = {event.id: event for event in whole_events(cursor, [one.event_id for one in near])}
            complete = whole(cursor, index, versions=_versions(question))
    except psycopg2.Error as error:
        raise CannotSearch(type(error).__name__) from error
    events = tuple(rows[one.event_id] for one in near if one.event_id in rows)
    return Similar(events, {one.event_id: one.likeness for one in near}, complete), spent


def _vector(meaning: str, cancel: threading.Event) -> tuple[list[float], Spent]:
    from apps.api.bedrock_service.border import spent_of
    from apps.api.bedrock_service.model import language_model
    from llm import errors

    try:
        found = language_model().embed([meaning], kind="query", deadline=SECONDS, cancel=cancel)
    except errors.Cancelled as error:
        raise QuestionCancelled from error
    except errors.LlmError as error:
        raise CannotSearch(str(error)) from error
    return unit(found.vectors[0]), spent_of(found.usage)


def _told_apart(found: Iterable[Near]) -> list[Near]:
    kept: list[Near] = []
    said: dict[object, int] = {}
    for one in found:
        said[one.digest] = said.get(one.digest, 0) + 1
        if said[one.digest] <= ALIKE and len(kept) < MOST:
            kept.append(one)
    return kept


def _versions(question: Question) -> dict[int, int]:
    return {scoped.video.id: int(scoped.version.partition(":")[0] or 0) for scoped in question.scope}


def resting_on(found: Found, citations: Iterable[Citation]) -> Evidence:
    """What an answer rests on: what the SQL found, and of the similar events those that it speaks of."""
    if found.similar is None or not found.similar.events:
        return found.evidence
    cited = {citation.event_id for citation in citations}
    there = {event.id for event in found.evidence.events}
    more = [event for event in found.similar.events if event.id in cited - there]
    if not more:
        return found.evidence
    events = sorted((*found.evidence.events, *more), key=in_time)
    return Evidence(tuple(events), found.evidence.count + len(more))
