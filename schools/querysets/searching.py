"""Words that schools are searched by."""

import re

from sheets.text import clean_text

_PHONE_LENGTH = 10
_SHORTEST_PHONE = 5
_IN_PARTS = re.compile(r"[-+()\s\d–]+", re.ASCII)
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


def phone_digits(text: str) -> str:
    """A telephone number as it is kept to be searched in: its digits in one piece, without the country's."""
    digits = "".join(sign for sign in text if sign in "0123456789")
    return digits[1:] if len(digits) > _PHONE_LENGTH and digits[0] in "78" else digits


def asked_words(query: str) -> list[str]:
    """The words of a query: a number written in parts, as telephones are, is one word and no list of small numbers."""
    plain = clean_text(query)
    if _IN_PARTS.fullmatch(plain) and len(digits := phone_digits(plain)) >= _SHORTEST_PHONE:
        return [digits]
    return search_words(query)


def searchable(*texts: str) -> str:
    """What is kept beside a school to search in: its words, each with a space before and after."""
    return f" {' '.join(search_words(' '.join(texts)))} "
