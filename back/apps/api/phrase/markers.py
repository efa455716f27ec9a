"""Event markers in a model's text: "12분 30초[[e:42]]에 도난이 …".

They never reach a person. A marker of an event in the evidence becomes a citation of the moment before it;
any other is stray, which the verifier counts as untraced."""

import re
from collections.abc import Sequence

from apps.api.phrase.moments import moment_before
from apps.api.types import Citation, EventRow, Phrased

_OPEN = "[["
_MARKER = re.compile(r"\[\[\s*[eE]\s*:([^\[\]]{0,200})\]\]")
_ID = re.compile(r"\d{1,18}")
# As long as a marker may grow before it is taken for text that merely begins like one.
LONGEST = 210


class MarkerStripper:
    """Feed it the pieces of a stream as they come; it gives back what may be shown, markers taken out."""

    def __init__(self, events: Sequence[EventRow]):
        self._events = {event.id: event for event in events}
        self._held = ""
        self._gap = ""  # spaces before a marker: dropped with it where they would stand before a particle
        self._after_marker = False
        self.text = ""
        self.citations: list[Citation] = []
        self.stray: list[int] = []

    def feed(self, piece: str) -> str:
        self._held += piece
        return self._release(final=False)

    def close(self) -> str:
        """What was held back at the end of the stream."""
        return self._release(final=True)

    def phrased(self) -> Phrased:
        return Phrased(self.text, tuple(self.citations), source="model", stray=tuple(self.stray))

    def _release(self, *, final: bool) -> str:
        before = len(self.text)
        while self._held:
            at = self._held.find(_OPEN)
            if at < 0:
                keep = 0 if final else _unsettled(self._held)
                self._show(self._held[: len(self._held) - keep])
                self._held = self._held[len(self._held) - keep :]
                break
            plain = self._held[:at].rstrip(" ")
            self._show(plain)
            self._gap = self._held[len(plain) : at] or ("" if plain else self._gap)
            self._held = self._held[at:]
            marker = _MARKER.match(self._held)
            if marker:
                self._cite(marker.group(1))
                self._held = self._held[marker.end() :]
                self._after_marker = True
            elif final or not _may_be_marker(self._held):
                self._show("[")
                self._held = self._held[1:]
            else:
                break
        return self.text[before:]

    def _show(self, text: str) -> None:
        if not text:
            return
        if self._after_marker:
            # "12:30 [[e:42]]there" needs its space back, "12분 30초 [[e:42]]에" must not have it.
            self.text += " " if self._gap and re.match(r"[A-Za-z0-9]", text) else ""
        else:
            self.text += self._gap
        self._gap, self._after_marker = "", False
        self.text += text

    def _cite(self, ids: str) -> None:
        found = [int(number) for number in _ID.findall(ids)]
        if not found:
            self.stray.append(-1)
        start, end = moment_before(self.text)
        for event_id in found:
            event = self._events.get(event_id)
            if event is None:
                self.stray.append(event_id)
            else:
                self.citations.append(Citation(event.id, event.video_id, event.timestamp, start, end))


def _unsettled(text: str) -> int:
    """How many characters at the end may yet turn into a marker, or are the spaces before one."""
    tail = len(text) - len(text.rstrip("["))
    if tail > 1:
        tail = 1
    rest = text[: len(text) - tail] if tail else text
    return tail + len(rest) - len(rest.rstrip(" "))


def _may_be_marker(text: str) -> bool:
    """Whether "[[e:4" may still be completed by what comes."""
    return len(text) < LONGEST and re.fullmatch(r"\[\[\s*([eE]\s*(:[^\[\]]*\]?)?)?", text) is not None


def read_markers(text: str, *, events: Sequence[EventRow]) -> Phrased:
    """A whole text at once."""
    stripper = MarkerStripper(events)
    stripper.feed(text)
    stripper.close()
    return stripper.phrased()
