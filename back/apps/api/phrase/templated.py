"""The answer in our own sentences, from the rows and the evidence alone."""

import re
from collections.abc import Sequence
from datetime import datetime

from apps.api.phrase.cells import plain
from apps.api.phrase.denial import expects_no
from apps.api.phrase.gaps import note
from apps.api.phrase.infer import EVENT_INTENTS
from apps.api.phrase.kinds import KINDS
from apps.api.phrase.kinds.alike import alike
from apps.api.phrase.kinds.events import existence
from apps.api.phrase.kinds.nothing import nothing
from apps.api.phrase.kinds.rows import table
from apps.api.phrase.kinds.values import figure
from apps.api.phrase.reading import read
from apps.api.phrase.rich import Rich, fill
from apps.api.phrase.sentences import has_sentence, sentence
from apps.api.phrase.stored import clean
from apps.api.phrase.telling import Telling
from apps.api.phrase.voices import VOICES
from apps.api.types import (
    Citation,
    Coverage,
    EventRow,
    Evidence,
    Language,
    Phrased,
    Plan,
    Result,
    Similar,
    VideoInfo,
)

# One event that was found is certain however little has been analysed; a figure or a list is not.
_HANGUL = re.compile(r"[가-힣]")
_STANDS_ALONE = frozenset({"existence", "when", "where", "who"})
LONGEST_PASSAGE = 600
_ZERO_IS_NOTHING = frozenset({"count_events", "count_persons", "count_vehicles"})


def templated(
    *,
    plan: Plan,
    result: Result,
    evidence: Evidence,
    coverage: Sequence[Coverage] = (),
    videos: Sequence[VideoInfo],
    language: Language,
    now: datetime,
    similar: Similar | None = None,
    question: str = "",
) -> Phrased:
    """`videos` are those in scope; without a `coverage`, all of each is taken as asked about."""
    result = plain(result)
    t = Telling(
        reading=read(plan=plan, result=result, evidence=evidence),
        result=result,
        evidence=evidence,
        coverage=coverage,
        videos=videos,
        voice=VOICES[language],
        now=now,
        denied=expects_no(question),
    )
    if plan.kind != "answer":
        return _phrased(_no_answer(plan, t), t)
    if similar is not None and not t.evidence.count:
        # Without SQL nothing else was looked for; with it, what it did not find comes first.
        searched = _answer(t) if plan.sql else Rich()
        return _phrased(searched + (" " if searched else "") + alike(t, similar), t, similar.events)
    told = _answer(t)
    if t.reading.unsure:
        told = t.say("understood.first", understood=t.quoted(t.reading.understood)) + told
    return _phrased(told, t)


def from_handbook(passages: Sequence[str], *, language: Language) -> Phrased:
    """The nearest passage as it stands: nobody here can say it in other words."""
    voice = VOICES[language]
    text = " ".join(passages[0].split())
    cut = text if len(text) <= LONGEST_PASSAGE else text[: LONGEST_PASSAGE - 1].rstrip() + "…"
    said = fill(sentence(language, "handbook.says"), {"passage": voice.quote(cut)}, voice.inflect)
    return Phrased(said.text, source="template")


def _answer(t: Telling) -> Rich:
    intent = t.reading.intent if t.reading.intent in KINDS else "list"
    if _is_yes_or_no(t):
        return existence(t) if t.events else nothing(t, yes_or_no=True)
    if intent in EVENT_INTENTS and not t.events:
        return table(t) if t.result.rows else nothing(t)
    zero = intent in _ZERO_IS_NOTHING and not (figure(t.result.rows[0][-1]) if t.result.rows else t.count)
    none = intent not in EVENT_INTENTS and not zero and not t.result.rows and not t.evidence.count
    if none or (zero and note(t)):
        return nothing(t)
    told = KINDS[intent](t)
    lone = intent in _STANDS_ALONE and t.count == 1
    if t.result.truncated:
        told = _after(told, t.say("coverage.truncated"))
    return told if lone or intent == "existence" else _after(told, note(t))


def _after(told: Rich, remark: Rich) -> Rich:
    """A remark stands on a line of its own after a timeline, else after the sentence."""
    if not remark:
        return told
    return told + ("\n" if "\n- " in told.text else " ") + remark


def _is_yes_or_no(t: Telling) -> bool:
    rows = t.result.rows
    return len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], bool)


def _no_answer(plan: Plan, t: Telling) -> Rich:
    """The offline engine says itself what is missing; of a model the code counts first."""
    code = plan.reason.code if plan.reason else "other"
    own = clean(plan.reason.text) if plan.reason else ""
    key = f"{plan.kind}.{code}"
    if plan.engine == "text2sql" and own and bool(_HANGUL.search(own)) == (t.voice.code == "ko"):
        hint = f"hint.{code}"
        return Rich(own) + t.say(hint) if has_sentence(t.voice.code, hint) else Rich(own)
    if has_sentence(t.voice.code, key):
        return t.say(key)
    return Rich(own) if own else t.say(f"{plan.kind}.other")


def _phrased(told: Rich, t: Telling, similar: Sequence[EventRow] = ()) -> Phrased:
    by_id = {event.id: event for event in (*t.events, *similar)}
    return Phrased(
        text=told.text,
        citations=tuple(
            Citation(
                mark.event_id,
                by_id[mark.event_id].video_id,
                by_id[mark.event_id].timestamp,
                mark.start,
                mark.end,
            )
            for mark in told.marks
        ),
        source="template",
    )
