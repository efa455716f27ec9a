"""What was found by likeness of meaning: said to be similar, for nobody here can tell whether it is meant."""

from dataclasses import replace

from apps.api.phrase.rich import Rich
from apps.api.phrase.telling import Telling
from apps.api.types import Evidence, Similar

# The likest: further down the list they soon have nothing to do with the question.
SHOWN = 3


def alike(t: Telling, similar: Similar) -> Rich:
    shown = similar.events[:SHOWN]
    rest = Rich() if similar.whole else t.say("alike.partly")
    if not shown:
        return t.say("alike.none") + rest
    t = replace(t, evidence=Evidence(shown, len(shown)))
    lines = t.lines()
    return t.say("alike.some") + lines + (Rich("\n") + t.say("alike.partly_after") if rest else Rich())
