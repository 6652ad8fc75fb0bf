"""Which item of one edition is which item of the other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from roadmap.comparison.words import spelling

#: Titles at least this much alike, under one number, are one item in another wording.
ALIKE = 0.6
#: Under another number they must be nearly the same: what a school has done for one item must not count for
#: its neighbour.
NEARLY_SAME = 0.8
_WORD = re.compile(r"\w+")
#: Russian words are told apart by their beginnings: «приказ» and «приказа» are one word.
_STEM = 6


class Numbered(Protocol):
    """What stands in an edition under a number."""

    @property
    def number(self) -> str:
        """The number in the document."""

    @property
    def title(self) -> str:
        """The words."""


One = TypeVar("One", bound=Numbered)
Two = TypeVar("Two", bound=Numbered)


def pair(old: Sequence[One], new: Sequence[Two]) -> list[tuple[One, Two]]:
    """Pair what is the same in two editions, each at most once, in the order of the new one.

    First the same words, the same number before another; then alike words under one number; then nearly the
    same words under any number, the most alike first. The other way round it finds the same pairs.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()

    def take(pairs: Iterable[tuple[int, int]]) -> None:
        for one, two in pairs:
            if one not in taken and two not in found:
                found[two] = one
                taken.add(one)

    take(_same_words(old, new))
    rest_old = [place for place in range(len(old)) if place not in taken]
    rest_new = [place for place in range(len(new)) if place not in found]
    take(_alike(old, new, rest_old, rest_new))
    return [(old[found[two]], new[two]) for two in sorted(found)]


def likeness(one: str, two: str) -> float:
    """How much two titles have in common: from 0 to 1, whichever comes first."""
    return _likeness(_stems(one), _stems(two))


def _same_words(old: Sequence[Numbered], new: Sequence[Numbered]) -> Iterator[tuple[int, int]]:
    """Pairs of one wording: those of one number, then those left over in their order."""
    by_words: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(old):
        by_words[spelling(one.title)].append(place)
    groups: dict[str, list[int]] = defaultdict(list)
    for place, two in enumerate(new):
        groups[spelling(two.title)].append(place)
    for words, places in groups.items():
        before, after = by_words.get(words, []), list(places)
        for earlier in list(before):
            same = next((later for later in after if new[later].number == old[earlier].number), None)
            if same is not None:
                yield earlier, same
                before.remove(earlier)
                after.remove(same)
        yield from zip(before, after, strict=False)


def _alike(
    old: Sequence[Numbered], new: Sequence[Numbered], rest_old: Sequence[int], rest_new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pairs of alike wording: under one number, then under different ones, the most alike first."""
    stems_old = {one: _stems(old[one].title) for one in rest_old}
    stems_new = {two: _stems(new[two].title) for two in rest_new}
    candidates = []
    for one in rest_old:
        for two in rest_new:
            renumbered = old[one].number != new[two].number
            alike = _likeness(stems_old[one], stems_new[two])
            if alike >= (NEARLY_SAME if renumbered else ALIKE):
                # Nothing in the order depends on which edition is the older.
                titles = sorted((old[one].title, new[two].title))
                numbers = sorted((old[one].number, new[two].number))
                candidates.append(((renumbered, -alike, titles, numbers, sorted((one, two))), one, two))
    yield from ((one, two) for _, one, two in sorted(candidates, key=lambda candidate: candidate[0]))


def _stems(title: str) -> Counter[str]:
    return Counter(word[:_STEM] for word in _WORD.findall(spelling(title)))


def _likeness(one: Counter[str], two: Counter[str]) -> float:
    whole = one.total() + two.total()
    return 2 * (one & two).total() / whole if whole else 0.0
