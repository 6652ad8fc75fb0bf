"""What changed between two texts, word by word. Pure."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# Beyond this many words comparing word by word takes the reader and the machine longer than reading.
MAX_WORDS = 3000


class Change(StrEnum):
    """What became of a part of a text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class TextPart:
    """A run of words that stayed, came or went."""

    change: Change
    text: str


def differences(before: str, after: str) -> list[TextPart]:
    """Compare two texts word by word; joined, the parts that stayed and came are ``after`` to the letter."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > 2 * MAX_WORDS:
        return list(_whole(before, after))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    parts: list[TextPart] = []
    for operation, a, b, c, d in matcher.get_opcodes():
        if operation == "equal":
            parts.append(TextPart(Change.SAME, "".join(new[c:d])))
        else:
            parts += _whole("".join(old[a:b]), "".join(new[c:d]))
    return parts


def _whole(before: str, after: str) -> Iterator[TextPart]:
    """One text went, the other came."""
    if before:
        yield TextPart(Change.REMOVED, before)
    if after:
        yield TextPart(Change.ADDED, after)


def _words(text: str) -> list[str]:
    """Split a text into words, spaces and signs, losing nothing."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)
