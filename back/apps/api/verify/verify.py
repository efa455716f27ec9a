"""Every time, number, percentage, age and event that an answer names must stand in what it rests on."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from apps.api.phrase.cells import plain
from apps.api.phrase.markers import read_markers
from apps.api.types import Citation, Claim, EventRow, Evidence, Language, Result, Searched, Verdict, VideoInfo
from apps.api.verify.contradictions import contradictions
from apps.api.verify.facts import Facts
from apps.api.verify.foreign import foreign
from apps.api.verify.quotes import without_stored
from apps.api.verify.reading import Saying
from apps.api.verify.recognise import recognise
from apps.api.verify.trace import events_at, of_day, traced

# Each claim looks at those around it; a text of more figures than any answer needs is not gone through.
MOST_CLAIMS = 400
# Clocks of recordings may start within a second, so that the two round differently.
_ODD_SECONDS = 0.75
_OPENS_BRACKET = re.compile(r"\s*\(")
_SPAN = re.compile(r"\s*(?:부터|에서|and|to|–|-|~)\s*")
_BRACKET = re.compile(r"\([^()]{0,30}$")


def verify(
    text: str,
    *,
    result: Result,
    evidence: Evidence,
    question: str,
    searched: Searched,
    videos: Sequence[VideoInfo],
    language: Language,
    now: datetime,
    citations: Sequence[Citation] = (),
    stray: Sequence[int] = (),
    passages: Sequence[str] = (),
) -> Verdict:
    """Places of claims are those of the text as a person sees it: without event markers.

    `citations` and `stray` come from `read_markers`, called here for a text that still has its markers.
    Both languages are always read: a Korean answer may quote an English question.
    """
    if "[[" in text:
        marked = read_markers(text, events=evidence.events)
        text, citations, stray = marked.text, marked.citations, marked.stray
    facts = Facts(plain(result), evidence, question, searched, videos, now, tuple(passages))
    prose = without_stored(text, facts)
    every = recognise(prose)
    sayings = every[:MOST_CLAIMS]
    told = [(saying, found) for saying in sayings if (found := events_at(saying, evidence.events))]
    untraced = [Claim(f"[[e:{i}]]", len(text), len(text), "citation", i) for i in stray]
    untraced += _misplaced(text, sayings, citations, evidence)
    untraced += [
        saying.claim()
        for saying in sayings
        if not traced(saying, facts, near(saying, told, text, evidence), text, sayings)
    ]
    untraced += [saying.claim() for saying in every[MOST_CLAIMS : MOST_CLAIMS + 1]]
    untraced += _at_odds(sayings, told, text, facts)
    tells = bool(citations or told)
    untraced += foreign(prose)
    untraced += contradictions(prose, facts, tells_of_events=tells)
    untraced = sorted(dict.fromkeys(untraced), key=lambda claim: (claim.start, claim.end))
    return Verdict(ok=not untraced, untraced=tuple(untraced))


def near(
    saying: Saying, told: Sequence[tuple[Saying, Sequence[EventRow]]], text: str, evidence: Evidence
) -> Sequence[EventRow]:
    """The events of the moments told just before and just after it on its line, else all of them.

    So the age in one line of a timeline cannot be that of another line's event.
    """
    line_start = text.rfind("\n", 0, saying.start) + 1
    line_end = text.find("\n", saying.end)
    line_end = len(text) if line_end < 0 else line_end
    before: Sequence[EventRow] = ()
    after: Sequence[EventRow] = ()
    for other, found in told:
        if other is saying or not line_start <= other.start < line_end:
            continue
        if other.start < saying.start:
            before = found
        elif not after:
            after = found
    if (
        saying.kind in ("clock", "date")
        and before
        and _BRACKET.search(text[max(0, saying.start - 40) : saying.start])
    ):
        return before  # "12분 30초(오후 2시 12분 30초)" speaks of one event
    return [*before, *after] or evidence.events


def _at_odds(
    sayings: Sequence[Saying], told: Sequence[tuple[Saying, Sequence[EventRow]]], text: str, facts: Facts
) -> list[Claim]:
    """Figures that are each right and not together: a clock in brackets, the ends of a span."""
    events = dict(told)
    out = []
    for first, second in pairwise(sayings):
        between = text[first.end : second.start]
        if first in events and second.kind == "clock" and _OPENS_BRACKET.fullmatch(between):
            if not any(_agree(first, second, event, facts) for event in events[first]):
                out.append(second.claim())
        elif _ends_where_it_began(first, second) and _SPAN.fullmatch(between):
            out.append(second.claim())
    return out


def _ends_where_it_began(first: Saying, second: Saying) -> bool:
    return first.kind == second.kind and first.bound and second.bound and bool(first.value == second.value)


def _agree(moment: Saying, clock: Saying, event: EventRow, facts: Facts) -> bool:
    """Both are rounded the same way from the same instant, its start or its end."""
    if moment.grain > 1 or clock.grain > 1 or moment.about or clock.about:
        return True  # traced one by one is all that rounded figures allow
    ends = [at for at in (event.timestamp, event.end_timestamp) if at is not None]
    instants = zip(ends, facts.clocks_of(event), strict=False)
    return any(
        abs((said - of_day(at)) - (moment.value - seconds)) < _ODD_SECONDS
        for seconds, at in instants
        for said in clock.value
    )


def _misplaced(
    text: str, sayings: Sequence[Saying], citations: Sequence[Citation], evidence: Evidence
) -> list[Claim]:
    """Citations whose moment is another event's, or nobody's."""
    out = []
    for citation in citations:
        event = evidence.event(citation.event_id)
        said = [
            s for s in sayings if s.kind == "moment" and s.start < citation.end and citation.start < s.end
        ]
        if event is None or (said and not any(events_at(s, [event]) for s in said)):
            words = text[citation.start : citation.end]
            out.append(Claim(words, citation.start, citation.end, "citation", citation.event_id))
    return out
