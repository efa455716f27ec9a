"""Embeds what has no vector yet, a little at a time: whoever comes first holds the model, and pays once.

Nothing is queued: what is behind is found by the versions of the videos' events, so that whatever writes
events, and however a worker dies, nothing is left out and nothing is done twice.
"""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from apps.db.models import EmbeddingDay, EmbeddingModel
from apps.db.vectors import writing
from apps.db.vectors.pgvector import make_ready, why_not
from apps.db.vectors.writing import Embedded, Unembedded
from apps.videos.embeddings.text import digest_of, text_of
from llm import Llm, LlmOptions, open_llm
from llm.accepts import bare_id
from llm.errors import LlmError
from llm.prices import dearest
from llm.results import Tokens, Usage

logger = logging.getLogger(__name__)

EVENTS = 480  # read at once; what says the same is embedded once
TEXTS = 96  # sent at once: a batch of Cohere's, a dozen rounds for a model that takes one text a call
SECONDS = 30.0
HELD_SECONDS = 90
# Until the next look where there was nothing to do, and after a failure.
IDLE_PAUSE, FAILED_PAUSE = 5.0, 60.0


def wanted() -> bool:
    return settings.USE_BEDROCK and bool(settings.LLM.models("embed"))


def embed_some() -> int:
    """→ how many events got their vector; 0 where there is nothing to do, or somebody else does it."""
    if not wanted() or _spent_today() >= settings.EMBEDDING_DAILY_BUDGET_USD:
        return 0
    if (why := why_not()) is not None:
        raise NotSearchable(why)
    name, requested = bare_id(settings.LLM.embedding_model()), settings.LLM.embedding_dimensions or 0
    model, _ = EmbeddingModel.objects.get_or_create(name=name, requested=requested)
    with _held(model) as mine:
        if not mine:
            return 0
        while (video := writing.behind(model)) is not None:
            events = writing.unembedded(model, video.video_id, most=EVENTS)
            if events:
                return _embed(model, events)
            writing.caught_up(model, video)
    return 0


def _embed(model: EmbeddingModel, events: Sequence[Unembedded]) -> int:
    texts = {event.id: text_of(event) for event in events}
    digests = {text: digest_of(text) for text in texts.values()}
    known = writing.known_vectors(model, list(digests.values()))
    new = [text for text, digest in digests.items() if digest not in known][:TEXTS]
    if new:
        found = _llm(os.getpid(), settings.LLM).embed(new, kind="document", deadline=SECONDS)
        _count(model, len(new), found.usage)
        _check_dimensions(model, found.dimensions)
        known |= {
            digests[text]: writing.unit(vector) for text, vector in zip(new, found.vectors, strict=True)
        }
    return writing.write(
        model,
        [
            Embedded(event, digest, known[digest])
            for event in events
            if (digest := digests[texts[event.id]]) in known
        ],
    )


class NotSearchable(Exception):
    """Vectors would be of no use here; the message says to an operator why."""


class OtherLength(Exception):
    """The model gives vectors of another length than before: they are not of one index."""


def _check_dimensions(model: EmbeddingModel, dimensions: int) -> None:
    if model.dimensions is None:
        make_ready(model, dimensions)
        model.dimensions = dimensions
        model.save(update_fields=["dimensions"])
    elif model.dimensions != dimensions:
        raise OtherLength(f"{model.name} gave {dimensions} numbers and {model.dimensions} before")


@lru_cache(maxsize=2)
def _llm(process: int, options: LlmOptions) -> Llm:
    return open_llm(options)


@contextmanager
def _held(model: EmbeddingModel) -> Iterator[bool]:
    """Also behind a pooler: a row that says until when, instead of a lock of the session."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE db_embeddingmodel SET held_until = clock_timestamp() + %s * interval '1 second'"
            " WHERE id = %s AND held_until <= clock_timestamp() RETURNING dimensions",
            [HELD_SECONDS, model.pk],
        )
        row = cursor.fetchone()
    if row is None:
        yield False
        return
    model.dimensions = row[0]
    try:
        yield True
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE db_embeddingmodel SET held_until = clock_timestamp() WHERE id = %s", [model.pk]
            )


# --- what it costs --------------------------------------------------------------------------------------


def _today() -> date:
    return timezone.now().date()


def _spent_today() -> Decimal:
    return EmbeddingDay.objects.filter(day=_today()).aggregate(spent=Sum("cost_usd"))["spent"] or Decimal(0)


def _count(model: EmbeddingModel, texts: int, usage: Usage) -> None:
    cost = usage.cost_usd
    if cost is None:
        # Not nothing, or the budget would hold nobody; LLM_PRICES says what it is.
        cost = dearest().cost(Tokens(input=usage.input_tokens))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO db_embeddingday AS d (day, model_id, texts, input_tokens, cost_usd)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (day, model_id) DO UPDATE SET"
            " texts = d.texts + excluded.texts, input_tokens = d.input_tokens + excluded.input_tokens,"
            " cost_usd = d.cost_usd + excluded.cost_usd",
            [_today(), model.pk, texts, usage.input_tokens, cost],
        )


# --- by the worker --------------------------------------------------------------------------------------

_next = 0.0


def embed_if_due() -> bool:
    """→ whether anything was done. What fails is told, and left alone for a while."""
    global _next
    if time.monotonic() < _next or not wanted():
        return False
    done, pause = 0, FAILED_PAUSE
    try:
        done = embed_some()
        pause = 0.0 if done else IDLE_PAUSE
    except (LlmError, OtherLength, NotSearchable) as error:
        logger.warning("events could not be embedded: %s", error)
    finally:
        _next = time.monotonic() + pause
    return bool(done)
