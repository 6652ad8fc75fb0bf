"""Which bodies a cell names: several stand in it with nothing between them."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BodyName:
    """One way documents call a body; ``key`` says which, in whatever terms the caller thinks of bodies."""

    text: str
    key: Hashable


@dataclass(frozen=True, slots=True)
class BodyMatch:
    """One body named in a cell, as the cell writes it; without a ``key`` nobody has said yet who that is."""

    text: str
    key: Hashable | None

    @property
    def is_resolved(self) -> bool:
        """Whether the name is known."""
        return self.key is not None


@dataclass(frozen=True, slots=True)
class _Word:
    value: str
    start: int
    end: int


_WORD = re.compile(r"[^\W_]+")
_QUOTES = "«»\"'„“”‟‘’‹›()"
_JOINING_WORDS = frozenset(("и", "а", "также", "совместно", "с", "со"))
# Commas part bodies as well as clauses («…, не являющиеся участниками»); what follows decides.
_PARTING = re.compile(r"[;\n•]|,(?=\s*[«\"]?[А-ЯЁA-Z])|(?<=[»\"”])\s+(?=[А-ЯЁA-Z])")


def _words(text: str) -> list[_Word]:
    """The words with their places, as names are compared: case, «ё», quotes and punctuation do not count."""
    return [_Word(match[0].casefold().replace("ё", "е"), *match.span()) for match in _WORD.finditer(text)]


def normalised(text: str) -> str:
    """The name as it is compared: two names that give the same are the same name."""
    return " ".join(word.value for word in _words(text))


class _Directory:
    """Names by their first word, longest first."""

    def __init__(self, names: Sequence[BodyName]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Hashable]]] = {}
        for name in names:
            words = tuple(word.value for word in _words(name.text))
            if words:
                self._by_first.setdefault(words[0], []).append((words, name.key))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def longest(self, words: list[_Word], place: int) -> tuple[int, Hashable] | None:
        """The longest name that begins at this word: where it ends and whose it is."""
        for name, key in self._by_first.get(words[place].value, ()):
            end = place + len(name)
            if tuple(word.value for word in words[place:end]) == name:
                return end, key
        return None


def split_bodies(cell: str, directory: Sequence[BodyName]) -> tuple[BodyMatch, ...]:
    """The bodies a cell names, each once, in order; what the directory does not know has no key.

    The longest known name wins. A name counts only as a whole: «Образовательные организации» is not taken out of
    «Образовательные организации среднего профессионального образования» nor out of «Образовательные
    организации, не являющиеся участниками …» unless these are known too.
    """
    words = _words(cell)
    known = _Directory(directory)
    matches: list[BodyMatch] = []
    unknown_from = place = 0
    while place < len(words):
        found = known.longest(words, place) if _begins_name(cell, words, place, unknown_from) else None
        if found is not None and _ends_name(cell, words, found[0], known):
            matches += _unknown(cell, words, unknown_from, place)
            end, key = found
            matches.append(BodyMatch(_slice(cell, words, place, end), key))
            place = unknown_from = end
        else:
            place += 1
    matches += _unknown(cell, words, unknown_from, len(words))
    return _each_once(matches)


def _begins_name(cell: str, words: list[_Word], place: int, unknown_from: int) -> bool:
    """A name begins where the one before ended, behind a sign, or with a capital letter.

    In small letters in the midst of unknown words it is part of a longer name.
    """
    if place == unknown_from or words[place - 1].value in _JOINING_WORDS:
        return True
    between = cell[words[place - 1].end : words[place].start]
    return cell[words[place].start].isupper() or any(sign in between for sign in ",;\n•")


def _ends_name(cell: str, words: list[_Word], end: int, known: _Directory) -> bool:
    """A name ends at the end of the cell, before another name, or before a capital letter."""
    if end >= len(words):
        return True
    after = cell[words[end].start]
    if after.isupper() or after.isdigit() or cell[words[end - 1].end : words[end].start].strip() in {";", "\n"}:
        return True
    following = end
    while following < len(words) and words[following].value in _JOINING_WORDS:
        following += 1
    return following < len(words) and (
        known.longest(words, following) is not None or (following > end and cell[words[following].start].isupper())
    )


def _slice(cell: str, words: list[_Word], first: int, last: int) -> str:
    """The cell's own text of these words with the quotes that belong to them."""
    start, end = words[first].start, words[last - 1].end
    while start > 0 and cell[start - 1] in '«"„“(':
        start -= 1
    while end < len(cell) and cell[end] in '»"”“)':
        end += 1
    return " ".join(cell[start:end].split())


def _unknown(cell: str, words: list[_Word], first: int, last: int) -> Iterator[BodyMatch]:
    """What stands between known names, parted where a new name plainly begins."""
    while first < last and words[first].value in _JOINING_WORDS:
        first += 1
    while last > first and words[last - 1].value in _JOINING_WORDS:
        last -= 1
    if first >= last:
        return
    for part in _PARTING.split(_slice(cell, words, first, last)):
        text = part.strip(" \t,;.–—-/")
        if _WORD.search(text):
            yield BodyMatch(text, None)


def _each_once(matches: list[BodyMatch]) -> tuple[BodyMatch, ...]:
    unique: dict[Hashable, BodyMatch] = {}
    for match in matches:
        identity = ("known", match.key) if match.key is not None else ("unknown", normalised(match.text))
        unique.setdefault(identity, match)
    return tuple(unique.values())


def read_body_names(path: Path) -> tuple[BodyName, ...]:
    """The names in a file like ``fixtures/body_names.json``, by ``("group", code)`` or ``("organization", code)``."""
    entries: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    names = []
    for entry in entries:
        kind = "group" if "group" in entry else "organization"
        names.append(BodyName(entry["text"], (kind, entry[kind])))
    return tuple(names)
