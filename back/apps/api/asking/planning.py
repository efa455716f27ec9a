"""Steps 3 to 5: an engine plans, the guard checks, the reader runs; mistakes go back to be learned from.

Claude first where it is to be used; out of reach, over budget or out of its depth, the offline engine answers
and the reply says why.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from apps.api.asking.breaker import BREAKERS
from apps.api.asking.coverage import Span, coverage_of
from apps.api.asking.engine import AskingEngine, EngineFailed, Found, Ledger, Mistake, Planned
from apps.api.asking.question import Question
from apps.api.asking.retrieving import passages_about
from apps.api.asking.running import SqlFailed, run_plan
from apps.api.asking.similar import CannotSearch, similar_to
from apps.api.types import Evidence, Reason, Result, Similar

logger = logging.getLogger(__name__)

REPAIRS = 2


@dataclass(frozen=True, slots=True)
class Worked:
    """Which engine came through, and what it found."""

    engine: AskingEngine
    found: Found
    fallback_reason: str | None
    plan_ms: float
    run_ms: float


class NobodyCould(Exception):
    """No engine could make anything of the question; `code` says what went wrong last."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def find_out(
    question: Question,
    *,
    engines: Sequence[AskingEngine],
    fallback_reason: str | None,
    ledger: Ledger,
    cancel: threading.Event,
    clock,
) -> Worked:
    """Tries the engines in their order. `clock` gives milliseconds."""
    plan_ms = run_ms = 0.0
    code = "no_engine"
    for engine in engines:
        breaker = BREAKERS[engine.name]
        if (closed_for := breaker.closed_for()) is not None:
            code = closed_for
            fallback_reason = fallback_reason or code
            continue
        mistakes: tuple[Mistake, ...] = ()
        try:
            while True:
                began = clock()
                try:
                    planned: Planned = engine.plan(question, mistakes=mistakes, cancel=cancel)
                finally:
                    plan_ms += clock() - began
                ledger.add(planned.spent)
                breaker.worked()
                began = clock()
                try:
                    found = _run(planned, question, ledger, cancel)
                except SqlFailed as failed:
                    mistakes = _learned(engine, mistakes, failed)
                    continue
                finally:
                    run_ms += clock() - began
                return Worked(engine, found, fallback_reason, plan_ms, run_ms)
        except EngineFailed as failed:
            logger.warning(
                "engine failed", extra={"engine": engine.name, "code": failed.code, "why": str(failed)}
            )
            ledger.add(failed.spent)
            if failed.out_of_reach:
                breaker.failed(failed.code)
            code = failed.code
            fallback_reason = fallback_reason or code
    raise NobodyCould(code)


def _run(planned: Planned, question: Question, ledger: Ledger, cancel: threading.Event) -> Found:
    plan = planned.plan
    if plan.kind != "answer":
        return Found(plan, Result(), Evidence())
    passages = passages_about(planned.lookup, cancel=cancel)
    similar = _similar(planned, question, ledger, cancel) if planned.meaning else None
    if similar is not None and not plan.sql:
        coverage = coverage_of(plan, question.videos, span=planned.span)
        return Found(plan, Result(), Evidence(), coverage, passages, similar)
    if planned.lookup and not plan.sql:
        # A question for the documents alone; where they say nothing of it, nobody knows.
        silent = replace(plan, kind="refusal", reason=Reason("not_recorded"))
        return Found(plan if passages else silent, Result(), Evidence(), passages=passages)
    coverage = coverage_of(plan, question.videos, span=planned.span)
    ran, result, evidence, current = run_plan(plan, versions=question.versions)
    return Found(ran, result, evidence, coverage, passages, similar, current)


def _similar(planned: Planned, question: Question, ledger: Ledger, cancel: threading.Event) -> Similar | None:
    """Where it fails, what SQL and documents say stands; a plan that has neither is another engine's turn."""
    try:
        similar, spent = similar_to(planned.meaning, question, span=planned.span or Span(), cancel=cancel)
    except CannotSearch as error:
        logger.warning("search by meaning failed", extra={"why": str(error)})
        if not planned.plan.sql and not planned.lookup:
            raise EngineFailed("similar_unavailable", str(error)) from error
        return None
    ledger.add(spent)
    return similar


def _learned(engine: AskingEngine, mistakes: tuple[Mistake, ...], failed: SqlFailed) -> tuple[Mistake, ...]:
    why = str(failed) if settings.LOG_PROMPTS else failed.code
    logger.info("sql failed", extra={"engine": engine.name, "refused": failed.refused, "why": why})
    if not engine.learns or len(mistakes) >= REPAIRS:
        raise EngineFailed("sql_refused" if failed.refused else "sql_failed", why) from failed
    return (*mistakes, Mistake(failed.sql, str(failed)))
