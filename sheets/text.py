"""Cleaning of what people type, paste and export into one plain line of text."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain

# Marks that take no room on the screen and yet make two equal words differ: zero-width spaces and joiners,
# direction marks, the byte order mark, the soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f]")
_SPACES = re.compile(r"\s+")
# Nearly every cell is like this already; seeing it at once makes a sheet of 800,000 cells three times faster.
_PLAIN = "!-~А-яЁё№«»–—"
_CLEAN = re.compile(rf"(?:[{_PLAIN}]+(?: [{_PLAIN}]+)*)?")
_ROWS_AT_ONCE = 200
_PLAIN_LINES = re.compile(rf"[ \n{_PLAIN}]*+")


def clean_text(text: str) -> str:
    """One line of plain text: composed letters, single ordinary spaces, nothing invisible.

    Line breaks inside a cell become a space: what is read here are names, numbers and addresses, each of
    them a single line however a person has wrapped it.
    """
    if _CLEAN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", text)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", text).strip()


def clean_texts(texts: Sequence[str]) -> list[str]:
    """The same for each of several texts; a row of a table that is clean already is seen at one glance."""
    row = "\n".join(("", *texts, ""))
    spaced = "  " in row or "\n " in row or " \n" in row
    if not spaced and row.count("\n") == len(texts) + 1 and _PLAIN_LINES.fullmatch(row):
        return list(texts)
    return [clean_text(text) for text in texts]


def clean_rows(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The same for the rows of a table, many at one glance."""
    cleaned: list[Sequence[str]] = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        texts = list(chain.from_iterable(some))
        cleaned += some if clean_texts(texts) == texts else map(clean_texts, some)
    return cleaned
