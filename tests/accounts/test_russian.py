"""Plural forms, dates and sizes as a Russian reader expects them."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import russian
from accounts.russian import NBSP


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 школ"),
        (1, "1 школа"),
        (2, "2 школы"),
        (4, "4 школы"),
        (5, "5 школ"),
        (11, "11 школ"),
        (12, "12 школ"),
        (21, "21 школа"),
        (111, "111 школ"),
        (122, "122 школы"),
        (1234, "1 234 школы"),
    ],
)
def test_a_number_and_its_noun_agree(count: int, words: str) -> None:
    assert russian.counted(count, "школа", "школы", "школ").replace(NBSP, " ") == words


@given(st.integers(min_value=0, max_value=10**9))
def test_the_form_depends_on_the_last_two_digits_alone(count: int) -> None:
    assert russian.plural(count, "день", "дня", "дней") == russian.plural(count % 100, "день", "дня", "дней")


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2023, 10, 13), "просрочено на 3 дня"),
        (date(2023, 10, 15), "просрочено на 1 день"),
        (date(2023, 10, 16), "сегодня"),
        (date(2023, 10, 17), "завтра"),
        (date(2023, 10, 20), "через 4 дня"),
        (date(2023, 11, 6), "через 21 день"),
    ],
)
def test_how_far_a_due_date_is(due: date, words: str, today: date) -> None:
    assert russian.days_left(due, today).replace(NBSP, " ") == words


def test_a_date_in_words_takes_the_genitive() -> None:
    assert russian.day(date(2023, 9, 1)).replace(NBSP, " ") == "1 сентября 2023 г."


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 байт"), (1, "1 байт"), (3, "3 байта"), (2048, "2 КБ"), (1024 * 1024 - 1, "1 МБ"), (1_500_000, "1,4 МБ")],
)
def test_sizes_of_files(size: int, words: str) -> None:
    assert russian.file_size(size).replace(NBSP, " ") == words


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=10**6))
def test_a_hundred_percent_is_said_of_what_is_complete_only(part: int, whole: int) -> None:
    part = min(part, whole)
    assert (russian.percent(part, whole) == f"100{NBSP}%") == (part == whole)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(2, 3, "66,7 %"), (1, 2, "50 %"), (23, 80, "28,8 %"), (2999, 3000, "99,9 %"), (0, 7, "0 %"), (1, 16, "6,3 %")],
)
def test_shares_are_said_to_tenths_as_the_reports_say_them(part: int, whole: int, said: str) -> None:
    assert russian.percent(part, whole).replace(NBSP, " ") == said


def test_nothing_has_no_share() -> None:
    assert russian.percent(0, 0) == "—"


@pytest.mark.parametrize(
    ("search", "name", "found"),
    [
        ("берёз", "БЕРЕЗОВСКАЯ школа", True),
        ("ШКОЛА берез", "Берёзовская школа", True),
        ("№ 3 (новая)", "Школа № 3 (Новая)", True),
        (".*", "Школа", False),
        ("гимназия", "Школа", False),
    ],
)
def test_a_search_finds_any_case_and_yo_without_dots(search: str, name: str, found: bool) -> None:
    assert all(re.search(pattern, name) for pattern in russian.any_case_patterns(search)) == found


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
def test_whatever_is_typed_is_searched_for_as_it_is(text: str) -> None:
    """No sign of a search means anything to the regular expression, and every word finds itself."""
    folded = russian.folded(text)
    for pattern in russian.any_case_patterns(text):
        assert re.search(pattern, folded)


@pytest.mark.parametrize(
    ("word", "parted"),
    [
        ("профориентационного", "про-фориен-тацион-ного"),
        ("представителей", "пред-ста-вите-лей"),
        ("взаимодействие", "взаи-модей-ствие"),
        ("приказ", "приказ"),
        ("№ 2381 от ОГОО", "№ 2381 от ОГОО"),
    ],
)
def test_long_words_part_at_syllables(word: str, parted: str) -> None:
    assert russian.hyphenated(word).replace("\u00ad", "-") == parted


def test_names_have_one_order_on_every_database() -> None:
    named = [(4, "Уваровский"), (3, "Ёлкинский"), (2, "г. Тамбов"), (1, "Бондарский"), (6, "№ 10"), (5, "№ 9")]
    assert [name for _, name in russian.by_name(named)] == [
        "Бондарский",
        "г. Тамбов",
        "Ёлкинский",
        "Уваровский",
        "№ 9",
        "№ 10",
    ]
