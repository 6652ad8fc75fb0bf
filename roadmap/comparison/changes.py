"""What changed from one edition to another: items, their words and dates, sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from roadmap.comparison.pairing import pair
from roadmap.comparison.wording import EditionWords, ItemWords, SectionWords, Span
from roadmap.comparison.words import Mark, Piece, difference, list_difference, spelling


class Kind(StrEnum):
    """What happened to an item or a section; a renumbered one may be changed as well."""

    ADDED = "added"
    REMOVED = "removed"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    MOVED = "moved"
    """Its dates are others."""
    EDITORIAL = "editorial"
    """Spelt otherwise; the duty is the same."""


@dataclass(frozen=True)
class FieldChange:
    """One field that reads differently. A list's pieces are its members, a text's are runs of words."""

    name: str
    pieces: tuple[Piece, ...]
    is_editorial: bool
    is_list: bool = False


@dataclass(frozen=True)
class DateMove:
    """A date of an item that is another now; None where it came or went."""

    before: Span | None
    after: Span | None


@dataclass(frozen=True)
class ItemChange:
    """An item on both sides, or on one."""

    before: ItemWords | None
    after: ItemWords | None
    fields: tuple[FieldChange, ...] = ()
    dates: tuple[DateMove, ...] = ()

    @property
    def item(self) -> ItemWords:
        """The item as it reads last."""
        item = self.after or self.before
        assert item is not None  # noqa: S101 - one of the two is always there
        return item

    @property
    def kinds(self) -> frozenset[Kind]:
        """What happened to it; nothing when it reads as before."""
        if self.before is None:
            return frozenset({Kind.ADDED})
        if self.after is None:
            return frozenset({Kind.REMOVED})
        kinds = set()
        if self.before.number != self.after.number:
            kinds.add(Kind.RENUMBERED)
        if self.dates:
            kinds.add(Kind.MOVED)
        if any(not change.is_editorial for change in self.fields):
            kinds.add(Kind.CHANGED)
        elif self.fields and not kinds:
            kinds.add(Kind.EDITORIAL)
        return frozenset(kinds)


@dataclass(frozen=True)
class SectionChange:
    """A section on both sides, or on one; ``title`` marks the changed words."""

    before: SectionWords | None
    after: SectionWords | None
    title: tuple[Piece, ...] = ()

    @property
    def kind(self) -> Kind:
        """The weightiest of what happened to it."""
        if self.before is None:
            return Kind.ADDED
        if self.after is None:
            return Kind.REMOVED
        if spelling(self.before.title) != spelling(self.after.title):
            return Kind.CHANGED
        return Kind.RENUMBERED if self.before.number != self.after.number else Kind.EDITORIAL


@dataclass(frozen=True)
class Comparison:
    """Everything that two editions say differently; items in the order of the new edition, the removed last."""

    items: tuple[ItemChange, ...]
    sections: tuple[SectionChange, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """The editions read alike to the letter."""
        return not self.items and not self.sections

    def count(self, kind: Kind) -> int:
        """How many items it happened to."""
        return sum(kind in change.kinds for change in self.items)

    def of_kind(self, kind: Kind | None) -> list[ItemChange]:
        """The items it happened to; None asks for all."""
        return [change for change in self.items if kind is None or kind in change.kinds]


def compare(before: EditionWords, after: EditionWords) -> Comparison:
    """Compare two editions. The other way round, what was added is what was removed."""
    pairs = pair(before.items, after.items)
    found = {id(new): _compare_items(old, new) for old, new in pairs}
    known = {id(old) for old, _ in pairs}
    every = [found.get(id(item)) or ItemChange(None, item) for item in after.items]
    every += [ItemChange(item, None) for item in before.items if id(item) not in known]
    changed = tuple(change for change in every if change.kinds)
    return Comparison(
        items=changed,
        sections=tuple(_compare_sections(before.sections, after.sections)),
        unchanged=len(every) - len(changed),
    )


def _compare_items(old: ItemWords, new: ItemWords) -> ItemChange:
    return ItemChange(old, new, tuple(_fields(old, new)), tuple(_moves(old.dates, new.dates)))


def _fields(old: ItemWords, new: ItemWords) -> Iterator[FieldChange]:
    for name, before, after in (
        ("title", old.title, new.title),
        ("deadline", old.deadline, new.deadline),
        ("result", old.result, new.result),
    ):
        if before != after:
            pieces = difference(before, after)
            if any(piece.mark != Mark.SAME for piece in pieces):
                yield FieldChange(name, pieces, is_editorial=spelling(before) == spelling(after))
    if set(old.bodies) != set(new.bodies):
        yield FieldChange("bodies", list_difference(old.bodies, new.bodies), is_editorial=False, is_list=True)


def _moves(before: Sequence[Span], after: Sequence[Span]) -> Iterator[DateMove]:
    """Dates that are not on both sides, put side by side in their order."""
    gone = [span for span in before if span not in after]
    come = [span for span in after if span not in before]
    for place in range(max(len(gone), len(come))):
        yield DateMove(gone[place] if place < len(gone) else None, come[place] if place < len(come) else None)


def _compare_sections(before: Sequence[SectionWords], after: Sequence[SectionWords]) -> Iterator[SectionChange]:
    pairs = pair(before, after)
    known = {id(old) for old, _ in pairs}
    by_new = {id(new): old for old, new in pairs}
    for new in after:
        old = by_new.get(id(new))
        if old is None:
            yield SectionChange(None, new)
        elif (old.number, old.title) != (new.number, new.title):
            yield SectionChange(old, new, difference(old.title, new.title))
    yield from (SectionChange(old, None) for old in before if id(old) not in known)
