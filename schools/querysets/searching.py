"""Words that schools are searched by."""

import re

from sheets.text import clean_text

_WORD = re.compile(r"[^\W_]+")
# What parts the words of most texts; with these gone there is seldom anything left but letters and digits.
_SIGNS = "«»№().,-–@+_/:\"'"


def search_words(text: str) -> list[str]:
    """The words of a text as they are searched by: letters and digits, no case, no «ё»."""
    plain = clean_text(text).casefold().replace("ё", "е")
    parted = plain
    for sign in _SIGNS:
        parted = parted.replace(sign, " ")
    words = parted.split()
    return words if "".join(words).isalnum() else _WORD.findall(plain)


def searchable(*texts: str) -> str:
    """What is kept beside a school to search in: its words, each with a space before and after."""
    return f" {' '.join(search_words(' '.join(texts)))} "
