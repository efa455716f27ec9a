"""Steps 7 and 8: words for what was found, and the proof that they say nothing else.

A model's text whose every claim is traced is given; else it is asked once more with the complaint; else the
templates speak, from the rows alone.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.conf import settings

from apps.api.asking.engine import AskingEngine, EngineFailed, Found, Ledger, Said
from apps.api.asking.question import Question
from apps.api.asking.similar import resting_on
from apps.api.phrase import MarkerStripper, from_handbook, searched, templated
from apps.api.types import Claim, EventRow, Phrased, Searched
from apps.api.verify import claimed_as_certain, verify

logger = logging.getLogger(__name__)

TRIES = 2


@dataclass(frozen=True, slots=True)
class Told:
    phrased: Phrased
    verified: bool
    model: str | None
    phrase_ms: float
    verify_ms: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of an answer that has not been verified yet. `fresh`: it begins anew, what came before is void."""

    text: str
    fresh: bool = False


def tell(
    question: Question,
    found: Found,
    *,
    engine: AskingEngine,
    ledger: Ledger,
    cancel: threading.Event,
    clock,
    live: bool,
) -> Iterator[Piece | Told]:
    """If `live`, pieces as they come; then the text that stands."""
    phrase_ms = verify_ms = 0.0
    if engine.phrases and found.plan.kind == "answer":
        complaints: tuple[str, ...] = ()
        for _ in range(TRIES):
            began = clock()
            stripper = MarkerStripper(_may_be_cited(found))
            said = None
            try:
                fresh = True
                for part in engine.phrase(question, found, complaints=complaints, cancel=cancel, live=live):
                    if isinstance(part, Said):
                        said = part
                    elif shown := stripper.feed(part):
                        yield Piece(shown, fresh)
                        fresh = False
            except EngineFailed as failed:
                ledger.add(failed.spent)
                logger.warning("phrasing failed", extra={"engine": engine.name, "code": failed.code})
                break
            finally:
                phrase_ms += clock() - began
            if said is None:
                break
            if not live:
                stripper.feed(said.text)
            stripper.close()
            ledger.add(said.spent)
            phrased = stripper.phrased()
            began = clock()
            untraced = _untraced(question, found, phrased)
            verify_ms += clock() - began
            if not untraced and not said.truncated and phrased.text.strip():
                yield Told(phrased, True, said.model, phrase_ms, verify_ms)
                return
            complaints = tuple(dict.fromkeys(f"{claim.kind}: {claim.text}" for claim in untraced)) or (
                "the answer was cut off: say it in fewer words",
            )
            logger.info("answer not traced", extra={"engine": engine.name, "claims": len(untraced)})
    began = clock()
    phrased = _from_templates(question, found)
    phrase_ms += clock() - began
    began = clock()
    untraced = _untraced(question, found, phrased)
    verify_ms += clock() - began
    if untraced:
        claims = [f"{c.kind}: {c.text}" if settings.LOG_PROMPTS else c.kind for c in untraced]
        logger.error("template not traced", extra={"claims": claims})
    yield Told(phrased, not untraced, None, phrase_ms, verify_ms)


def _may_be_cited(found: Found) -> tuple[EventRow, ...]:
    return (*found.evidence.events, *(found.similar.events if found.similar else ()))


def _from_templates(question: Question, found: Found) -> Phrased:
    if found.passages and not found.plan.sql and not (found.similar and found.similar.events):
        return from_handbook(found.passages, language=question.language)
    return templated(
        plan=found.plan,
        result=found.result,
        evidence=found.evidence,
        coverage=found.coverage,
        videos=question.videos,
        language=question.language,
        now=question.now,
        similar=found.similar,
        question=question.prompt,
    )


def _untraced(question: Question, found: Found, phrased: Phrased) -> tuple[Claim, ...]:
    if found.plan.kind != "answer":
        # A refusal or a question back tells nothing of events; there is nothing to trace.
        return ()
    evidence = resting_on(found, phrased.citations)
    verdict = verify(
        phrased.text,
        result=found.result,
        evidence=evidence,
        question="\n".join((question.prompt, *(turn.prompt for turn in question.history))),
        searched=_searched(found),
        videos=question.videos,
        language=question.language,
        now=question.now,
        citations=phrased.citations,
        stray=phrased.stray,
        passages=found.passages,
    )
    # Whoever tells of events that are only like what was asked for has to say so.
    certain = claimed_as_certain(phrased.text) if evidence.count > found.evidence.count else ()
    return (*verdict.untraced, *certain)


def _searched(found: Found) -> Searched:
    said = searched(plan=found.plan)
    spans = (
        *said.spans,
        *((c.from_, c.to) for c in found.coverage),
        *((None, c.analyzed_until) for c in found.coverage),
    )
    return replace(said, spans=spans)
