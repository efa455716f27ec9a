"""One question in, one reply out: read, decide, compile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from text2sql.compile.statements import compile_query
from text2sql.query import Language, Query
from text2sql.reader.clock import ImpossibleDateError
from text2sql.reader.reader import Turn, read
from text2sql.say import reason_text, understood
from text2sql.videos import Video
from text2sql.words.text import normalise

Kind = Literal["answer", "refusal", "clarification"]


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is stable; `detail` narrows it (not_recorded: name); `text` is for the person."""

    code: str
    text: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    kind: Kind
    language: Language
    sql: str | None = None
    evidence_sql: str | None = None
    query: Query | None = None
    reason: Reason | None = None


def reply(
    *, prompt: str, videos: tuple[Video, ...], chosen: int | None, now: datetime, history: Sequence[Turn] = ()
) -> Reply:
    try:
        reading = read(prompt=prompt, videos=videos, chosen=chosen, now=now, history=history)
    except (ImpossibleDateError, OverflowError):
        language = _language(prompt)
        return Reply(
            "refusal", language, reason=Reason("impossible_time", reason_text("impossible_time", language))
        )
    query = replace(reading.query, understood=understood(reading.query, videos))
    if reading.refusal:
        return _refused(reading.refusal, query)
    compiled = compile_query(query)
    return Reply("answer", query.language, compiled.sql, compiled.evidence_sql, query)


def unreadable(prompt: str) -> Reply:
    language = _language(prompt)
    return Reply(
        "clarification", language, reason=Reason("not_understood", reason_text("not_understood", language))
    )


def _language(prompt: str) -> Language:
    return "ko" if any("가" <= char <= "힣" for char in normalise(prompt).said) else "en"


def _refused(code: str, query: Query) -> Reply:
    kind: Kind = "refusal"
    if code.startswith("clarify:"):
        kind, code = "clarification", code.removeprefix("clarify:")
    language: Language = "en" if code == "unsupported_language" else query.language
    text = reason_text(code, language, not_understood=query.not_understood)
    name, _, detail = code.partition(":")
    return Reply(kind, language, query=query, reason=Reason(name, text, detail or None))
