"""Words that schools are searched by."""

import re

from hypothesis import given
from hypothesis import strategies as st

from schools.querysets import search_words, searchable
from sheets.text import clean_text


def test_words_are_letters_and_digits_without_case_and_yo() -> None:
    assert search_words("МБОУ «СОШ №\u00a05», пос.Зелёный") == ["мбоу", "сош", "5", "пос", "зеленый"]
    assert searchable("Лицей № 1", "school_1@example.test") == " лицей 1 school 1 example test "


@given(st.text() | st.text(st.sampled_from("аЁё№«»–_-/5 .@²\u0301\u00a0")))
def test_the_short_way_finds_the_words_of_the_long_one(text: str) -> None:
    assert search_words(text) == re.findall(r"[^\W_]+", clean_text(text).casefold().replace("ё", "е"))
