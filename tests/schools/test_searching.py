"""Words that schools are searched by."""

import re

from hypothesis import given
from hypothesis import strategies as st

from schools.querysets import asked_words, phone_digits, search_words, searchable
from sheets.text import clean_text


def test_words_are_letters_and_digits_without_case_and_yo() -> None:
    assert search_words("МБОУ «СОШ №\u00a05», пос.Зелёный") == ["мбоу", "сош", "5", "пос", "зеленый"]
    assert searchable("Лицей № 1", "school_1@example.test") == " лицей 1 school 1 example test "


def test_a_telephone_is_one_word_and_no_number_of_a_school() -> None:
    assert phone_digits("+7 (475) 000-02-12") == "4750000212"
    assert asked_words("8 475 000-02-12") == ["4750000212"]
    assert asked_words("000-02-12") == ["0000212"]
    assert asked_words("6899 309317") == ["6899309317"]
    assert asked_words("№ 12") == ["12"]
    assert asked_words("12-1") == ["12", "1"]


@given(st.text() | st.text(st.sampled_from("аЁё№«»–_-/5 .@²\u0301\u00a0")))
def test_the_short_way_finds_the_words_of_the_long_one(text: str) -> None:
    assert search_words(text) == re.findall(r"[^\W_]+", clean_text(text).casefold().replace("ё", "е"))
