"""Latin letters that look Cyrillic: «COШ» with a Latin C is found by no search and equals no other «СОШ»."""

import re

_LATIN = "ABCEHKMOPTXYaceopxy"
_CYRILLIC = "АВСЕНКМОРТХУасеорху"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_WORD = re.compile(r"[^\W\d_]+")
_HAS_LATIN = re.compile(r"[A-Za-z]")
_HAS_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def to_cyrillic(text: str) -> str:
    """The same text with each Latin letter that has a Cyrillic twin replaced by the twin."""
    return text.translate(_TO_CYRILLIC)


def to_latin(text: str) -> str:
    """The same text with each Cyrillic letter that has a Latin twin replaced by the twin."""
    return text.translate(_TO_LATIN)


def mixed_words(text: str) -> tuple[str, ...]:
    """The words written in both alphabets at once, in order; a Latin word of its own («IT-куб») is no fault."""
    return tuple(word for word in _WORD.findall(text) if _HAS_LATIN.search(word) and _HAS_CYRILLIC.search(word))


def unmixed(text: str) -> str:
    """The text with its mixed words put into Cyrillic wherever every Latin letter in them has a twin."""

    def repair(match: re.Match[str]) -> str:
        word = match[0]
        if not mixed_words(word):
            return word
        cyrillic = to_cyrillic(word)
        return word if _HAS_LATIN.search(cyrillic) else cyrillic

    return _WORD.sub(repair, text)
