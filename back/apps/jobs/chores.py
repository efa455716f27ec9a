"""What the worker does besides jobs. Features register theirs when Django starts; this room imports none."""

from collections.abc import Callable
from dataclasses import dataclass, field

# → how many things it removed or finished
Chore = Callable[[], int]
# → whether there was something to do
IdleWork = Callable[[], bool]


@dataclass(slots=True)
class Chores:
    """`quick` ones run in one transaction under one lock; `slow` ones read files and lock what they touch."""

    quick: list[Chore] = field(default_factory=list)
    slow: list[Chore] = field(default_factory=list)
    idle: list[IdleWork] = field(default_factory=list)


CHORES = Chores()


def register_chore(chore: Chore, *, slow: bool = False) -> None:
    """It runs every ten minutes, in one worker at a time. Example: delete tokens that have expired."""
    chores = CHORES.slow if slow else CHORES.quick
    if chore not in chores:
        chores.append(chore)


def register_idle_work(work: IdleWork) -> None:
    """It runs between jobs, except in the lane of short jobs. Example: embed events that have no vector."""
    if work not in CHORES.idle:
        CHORES.idle.append(work)
