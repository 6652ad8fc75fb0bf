"""Which bodies a cell names: several stand in it with nothing between them."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from roadmap.imports.contacts import without_contacts
from roadmap.imports.morphology import dictionary_forms, word_forms
from roadmap.imports.names import is_legal_form


@dataclass(frozen=True, slots=True)
class BodyName:
    """One way documents call a body; ``key`` says which, in whatever terms the caller thinks of bodies.

    ``is_group``: of many bodies, so that singular and plural mean the same. ``is_short``: an abbreviation or part of a
    full name, which counts only where the name plainly ends: «Министерство» is not taken out of «Министерство обороны».
    """

    text: str
    key: Hashable
    is_group: bool = False
    is_short: bool = False


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


@dataclass(frozen=True, slots=True)
class _Found:
    """A known name in the cell: the word behind it, whose it is."""

    end: int
    key: Hashable
    is_short: bool


_WORD = re.compile(r"[^\W_]+")
_QUOTES = "«»\"'„“”‟‘’‹›()"
_JOINING_WORDS = frozenset(("и", "а", "также", "совместно", "с", "со"))
# Commas part bodies as well as clauses («…, не являющиеся участниками»); what follows decides.
_PARTING = re.compile(r"[;\n•]|,(?=\s*[«\"]?[А-ЯЁA-Z])|(?<=[»\"”])\s+(?=[А-ЯЁA-Z])")

# «Отдел образования Сосновского района» is one authority: no name begins with an adjective in the genitive.
_OF_A_PLACE = re.compile(r"[а-я]+[сц]к(?:ого|ой)")


def _words(text: str) -> list[_Word]:
    """The words with their places, as names are compared: case, «ё», quotes and punctuation do not count."""
    return [_Word(match[0].casefold().replace("ё", "е"), *match.span()) for match in _WORD.finditer(text)]


def normalised(text: str) -> str:
    """The name as it is compared: two names that give the same are the same name."""
    return " ".join(word.value for word in _words(text))


def same_name_key(text: str) -> str:
    """What the inflected forms of one name share, for asking about them once; it matches nobody to anybody."""
    return " ".join(min(dictionary_forms(word.value)) for word in _words(text))


class _Directory:
    """Names by what their first word may be a form of."""

    def __init__(self, names: Sequence[BodyName]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], BodyName]]] = {}
        for name in names:
            words = tuple(word.value for word in _words(name.text))
            for form in {words[0], *dictionary_forms(words[0])} if words else ():
                self._by_first.setdefault(form, []).append((words, name))

    def longest(self, words: list[_Word], place: int) -> _Found | None:
        """The longest name that begins at this word.

        Of names equally long the one spelt just so; if several bodies could be meant by an inflected name, none is.
        """
        best = 0
        found: list[tuple[bool, BodyName]] = []
        for candidate, name in self._candidates(words[place]):
            length = len(candidate)
            if length < best or place + length > len(words):
                continue
            here = tuple(word.value for word in words[place : place + length])
            exact = here == candidate
            if exact or all(_may_be(a, b, name) for a, b in zip(here, candidate, strict=True)):
                if length > best:
                    best, found = length, []
                found.append((exact, name))
        meant = [name for exact, name in found if exact] or [name for _, name in found]
        if not meant or len({name.key for name in meant}) > 1:
            return None
        return _Found(place + best, meant[-1].key, all(name.is_short for name in meant))

    def _candidates(self, word: _Word) -> Iterator[tuple[tuple[str, ...], BodyName]]:
        seen: set[int] = set()
        for form in {word.value, *dictionary_forms(word.value)}:
            for candidate in self._by_first.get(form, ()):
                if id(candidate[1]) not in seen:
                    seen.add(id(candidate[1]))
                    yield candidate


class BodyDirectory(list[BodyName]):
    """Names that many cells are read by: the index is made once."""

    @cached_property
    def lookup(self) -> _Directory:
        """The names by what their first word may be a form of."""
        return _Directory(self)


def _may_be(word: str, wanted: str, name: BodyName) -> bool:
    """Whether a word is a form of the wanted one; a single body is not meant by the plural of its name."""
    if word == wanted:
        return True
    if name.is_group:
        return not dictionary_forms(word).isdisjoint(dictionary_forms(wanted))
    return not word_forms(word).isdisjoint(word_forms(wanted))


def split_bodies(cell: str, directory: Sequence[BodyName]) -> tuple[BodyMatch, ...]:
    """The bodies a cell names, each once, in order; what the directory does not know has no key.

    Persons and their phones are passed over. The longest known name wins. A name counts only as a whole:
    «Образовательные организации» is not taken out of «Образовательные организации среднего профессионального
    образования» nor out of «Образовательные организации, не являющиеся участниками …» unless these are known too.
    """
    cell = without_contacts(cell)
    words = _words(cell)
    known = directory.lookup if isinstance(directory, BodyDirectory) else _Directory(directory)
    matches: list[BodyMatch] = []
    unknown_from = place = 0
    while place < len(words):
        found = known.longest(words, place) if _begins_name(cell, words, place, unknown_from) else None
        if found is not None and _ends_name(cell, words, found, known):
            first = _legal_form_before(cell, words, unknown_from, place)
            matches += _unknown(cell, words, unknown_from, first)
            matches.append(BodyMatch(_slice(cell, words, first, found.end), found.key))
            place = unknown_from = found.end
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


def _legal_form_before(cell: str, words: list[_Word], unknown_from: int, place: int) -> int:
    """Where the name begins with the legal form in front of it: «ГБУ ДПО «Институт …»»."""
    first = place
    while first > unknown_from and is_legal_form(words[first - 1].value):
        between = cell[words[first - 1].end : words[first].start]
        if not cell[words[first - 1].start].isupper() or any(sign in between for sign in ",;\n•"):
            break
        first -= 1
    return first


def _ends_name(cell: str, words: list[_Word], found: _Found, known: _Directory) -> bool:
    """A name ends at the end of the cell, before another name, or before a capital letter; a short one not there."""
    end = found.end
    if end >= len(words):
        return True
    after = cell[words[end].start]
    between = cell[words[end - 1].end : words[end].start]
    if "№" in between:
        return False  # «СОШ № 5» is one school, not all of them
    if between.isspace() and _OF_A_PLACE.fullmatch(words[end].value) and not _known_begins(words, end, known):
        return False
    if between.strip() in {";", "\n"} or (found.is_short and between.strip() in {",", "/"}):
        return True
    if not found.is_short and (after.isupper() or after.isdigit()):
        return True
    following = end
    while following < len(words) and words[following].value in _JOINING_WORDS:
        following += 1
    begins_anew = following > end and following < len(words) and cell[words[following].start].isupper()
    return following < len(words) and (begins_anew or _known_begins(words, following, known))


def _known_begins(words: list[_Word], place: int, known: _Directory) -> bool:
    """Whether a known name begins here, perhaps with a legal form in front."""
    while place < len(words) - 1 and is_legal_form(words[place].value):
        place += 1
    return known.longest(words, place) is not None


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
        text = part.strip(" \t,;:.–—-/")
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
        names.append(BodyName(entry["text"], (kind, entry[kind]), is_group=kind == "group"))
    return tuple(names)
