"""What a cell may hold."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.imports import values
from sheets.checks import CheckError
from sheets.text import clean_text

name = values.required("Наименование", values.words_of("Наименование", values.NAME_LENGTH))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Наименование не указано"),
        ('=HYPERLINK("https://example.test")', "похож на формулу"),
        ("@SUM(A1)", "похож на формулу"),
        ("12345", "нет ни одной буквы"),
        ("Шкoла", "латинские буквы среди русских: «Шкoла»"),
        ("Школа " * 100, "600 зн."),
    ],
)
def test_names_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(CheckError) as refused:
        name(text)
    assert words in refused.value.message


def test_a_latin_word_of_its_own_is_no_fault() -> None:
    assert name("Школа «IT-куб» № 5") == "Школа «IT-куб» № 5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://school1.example.test", "https://school1.example.test"),
        ("http://school1.example.test/about", "http://school1.example.test/about"),
        ("school1.example.test", "https://school1.example.test"),
        ("школа1.рф", "https://школа1.рф"),
    ],
)
def test_sites(text: str, expected: str) -> None:
    assert values.parse_site(text) == expected


@pytest.mark.parametrize(
    "text", ["нет", "https://", "javascript://x.ru/%0aalert(1)", "https://[::1", "https://localhost"]
)
def test_sites_that_are_refused(text: str) -> None:
    with pytest.raises(CheckError, match="Адрес сайта"):
        values.parse_site(text)


def test_a_very_long_address_is_refused() -> None:
    with pytest.raises(CheckError, match="длиннее 200"):
        values.parse_site("https://school.example.test/" + "a" * 200)


@given(st.text(max_size=600).map(clean_text))
def test_any_text_is_a_value_or_a_refusal(text: str) -> None:
    for check in (name, values.parse_site, values.parse_contact_phone):
        with suppress(CheckError):
            assert check(text)
