"""Takes the time of two works in turn, so that whatever else the machine does falls on both alike."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Work = Callable[[], object]


@dataclass
class Rounds:
    """What the rounds of two works took, in seconds."""

    ours: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)


def seconds(work: Work) -> float:
    """Do the work and return how long it took, by the wall clock; rubbish of earlier works is collected before."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turn(ours: Work, limit: Work, *, rounds: int, before: Work = lambda: None, warm: bool = True) -> Rounds:
    """Take both works ``rounds`` times, each round in the other order; ``before`` each one, untimed.

    A ``warm`` measurement begins with a round that does not count.
    """
    taken = Rounds()
    if warm:
        for work in (ours, limit):
            before()
            work()
    for number in range(rounds):
        pair = [(ours, taken.ours), (limit, taken.limit)]
        for work, times in pair if number % 2 == 0 else reversed(pair):
            before()
            times.append(seconds(work))
    return taken
