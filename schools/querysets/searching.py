"""Words that schools are searched by."""

import re

from sheets.text import clean_text

_WORD = re.compile(r"[^\W_]+")


def search_words(text: str) -> list[str]:
    """The words of a text as they are searched by: letters and digits, no case, no «ё»."""
    return _WORD.findall(clean_text(text).casefold().replace("ё", "е"))


def searchable(*texts: str) -> str:
    """What is kept beside a school to search in: its words, each with a space before and after."""
    return f" {' '.join(search_words(' '.join(texts)))} "
