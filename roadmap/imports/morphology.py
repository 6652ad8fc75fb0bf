"""Russian words in their dictionary forms, so that «Министерством» is known for «Министерство»."""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache

import pymorphy3

# The analyzer fails on letters of rare alphabets, and has nothing to say of words longer than any.
_RUSSIAN = re.compile(r"[а-я]{1,40}")
#: Dictionary form and number («sing», «plur», empty where the word has none).
WordForm = tuple[str, str]


@cache
def _analyzer() -> pymorphy3.MorphAnalyzer:
    # It tells where its dictionaries lie, which is nothing for the log of a command.
    logging.getLogger("pymorphy3").setLevel(logging.WARNING)
    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=20_000)
def word_forms(word: str) -> frozenset[WordForm]:
    """What a word in small letters may be a form of; what is no Russian word is only itself."""
    if _RUSSIAN.fullmatch(word) is None:
        return frozenset({(word, "")})
    return frozenset(
        (parse.normal_form.replace("ё", "е"), str(parse.tag.number or "")) for parse in _analyzer().parse(word)
    )


@lru_cache(maxsize=20_000)
def dictionary_forms(word: str) -> frozenset[str]:
    """The same without the number."""
    return frozenset(form for form, _ in word_forms(word))
