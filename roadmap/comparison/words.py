"""Which words of a text were put in and which were taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKEN = re.compile(r"\w+|[^\w\s]")
_DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")
_QUOTES = re.compile(r"[«»„“”‟\"'`]")
_YEAR_MARK = re.compile(r"(?<=\d\d\d\d)\s*(?:гг?\b\.?|год[ауы]?\b)")
_SPACED_POINT = re.compile(r"\s*([.,;:])\s*")
#: Above this many words on either side a text is shown as replaced whole: nobody reads such marks.
_MOST_TOKENS = 4_000


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, came or went."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class _Token:
    """A word or a sign, with the space behind it."""

    word: str
    text: str


_Run = tuple[str, int, int, int, int]


def spelling(text: str) -> str:
    """The text without what two typists do differently: case, ё, dashes, quotes, spacing, «г.» behind a year."""
    text = _QUOTES.sub('"', text.lower().replace("ё", "е"))
    text = _SPACED_POINT.sub(r"\1 ", _DASHES.sub("-", _YEAR_MARK.sub("", text)))
    return " ".join(text.split()).strip(" .;,")


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Mark the words that went and came; what went stands before what came in its place.

    The same the other way round with the marks exchanged: ``difference(b, a)`` mirrors ``difference(a, b)``.
    """
    old, new = _tokens(before), _tokens(after)
    pieces: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in _runs(old, new):
        if kind == "equal":
            pieces.append(Piece(Mark.SAME, _text(new[new_from:new_to])))
            continue
        if old_from < old_to:
            pieces.append(Piece(Mark.DELETED, _text(old[old_from:old_to])))
        if new_from < new_to:
            pieces.append(Piece(Mark.INSERTED, _text(new[new_from:new_to])))
    return tuple(pieces)


def list_difference(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """Mark the members of a list that went and came; their order means nothing."""
    kept, came = set(before) & set(after), [one for one in after if one not in before]
    pieces = [Piece(Mark.SAME if one in kept else Mark.DELETED, one) for one in before]
    return (*pieces, *(Piece(Mark.INSERTED, one) for one in came))


def _tokens(text: str) -> list[_Token]:
    found = list(_TOKEN.finditer(text))
    starts = [*(match.start() for match in found), len(text)]
    return [
        _Token(match.group(), re.sub(r"\s+", " ", text[match.start() : behind]))
        for match, behind in zip(found, starts[1:], strict=True)
    ]


def _runs(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[_Run]:
    """Runs of equal and of replaced words; a lone short word between two changes is a part of them."""
    left, right = [token.word for token in old], [token.word for token in new]
    if max(len(left), len(right)) > _MOST_TOKENS and left != right:
        yield "replace", 0, len(old), 0, len(new)
        return
    joined: list[_Run] = []
    for run in _opcodes(left, right):
        if joined and joined[-1][0] != "equal" and run[0] != "equal":
            last = joined.pop()
            run = ("replace", last[1], run[2], last[3], run[4])  # noqa: PLW2901 - one run out of two
        joined.append(run)
        if len(joined) >= 2 and run[0] != "equal":
            _swallow(joined, left)
    yield from joined


def _swallow(joined: list[_Run], left: Sequence[str]) -> None:
    """Join the last change with the one before it when only a short word stands between them."""
    if len(joined) < 3:
        return
    before, between, last = joined[-3:]
    if between[2] - between[1] == 1 and len(left[between[1]]) <= 2:
        joined[-3:] = [("replace", before[1], last[2], before[3], last[4])]


def _opcodes(left: list[str], right: list[str]) -> list[_Run]:
    """The runs of ``difflib``, found in one and the same direction whichever text came first."""
    if right < left:
        return [
            (kind, new_from, new_to, old_from, old_to)
            for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, right, left, False).get_opcodes()
        ]
    return list(SequenceMatcher(None, left, right, False).get_opcodes())


def _text(tokens: Sequence[_Token]) -> str:
    return "".join(token.text for token in tokens)
