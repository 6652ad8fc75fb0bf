"""Single values: taxpayer numbers, mail, phones, levels, yes and no, mixed alphabets."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.checks import (
    CheckError,
    check_alphabet,
    inn_is_valid,
    parse_email,
    parse_inn,
    parse_level,
    parse_phone,
    parse_yes_no,
    restored_inn,
)
from sheets.lookalikes import mixed_words, to_cyrillic, to_latin, unmixed


def refused(parse: Callable[[str], object], text: str) -> CheckError:
    with pytest.raises(CheckError) as caught:
        parse(text)
    return caught.value


# Taxpayer numbers; the valid ones are published numbers of ministries and made-up ones


@pytest.mark.parametrize("inn", ["7707083893", "7710539135", "500100732259", "0274062111"])
def test_valid_inn(inn: str) -> None:
    assert inn_is_valid(inn)


@pytest.mark.parametrize(
    "inn", ["7707083894", "500100732258", "500100732269", "0000000000", "000000000000", "", "770708389", "77070838٩3"]
)
def test_invalid_inn(inn: str) -> None:
    assert not inn_is_valid(inn)


@given(st.integers(min_value=1, max_value=999_999_999), st.integers(min_value=0, max_value=9))
def test_exactly_one_check_digit_fits(body: int, digit: int) -> None:
    fitting = [last for last in range(10) if inn_is_valid(f"{body:09d}{last}")]
    assert len(fitting) == 1
    assert inn_is_valid(f"{body:09d}{digit}") is (digit in fitting)


def test_inn_is_read_through_spaces_and_an_apostrophe() -> None:
    assert parse_inn(" '7707 083 893 ") == "7707083893"
    assert parse_inn("500100732259", lengths=(10, 12)) == "500100732259"


def test_inn_that_lost_its_zero_is_proposed_never_taken() -> None:
    error = refused(parse_inn, "274062111")
    assert error.proposal == "0274062111"
    assert "потерял ноль" in str(error)
    assert restored_inn("274062111") == "0274062111"
    assert restored_inn("274062112") is None
    assert refused(parse_inn, "274062112").proposal == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "не указан"),
        ("7707083894", "контрольная цифра"),
        ("770708389З", "не только цифры"),
        ("77070838930", "11 зн."),
        ("500100732259", "12 зн."),
        ("1" * 300, "…"),
    ],
)
def test_wrong_inn_is_explained(text: str, word: str) -> None:
    assert word in str(refused(parse_inn, text))


# Mail


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("School@Example.TEST", "school@example.test"),
        (" mailto:a.b+c@sub.example.test ", "a.b+c@sub.example.test"),
        ("<a@example.test>", "a@example.test"),
        ("school@школа.рф", "school@школа.рф"),
    ],
)
def test_mail(text: str, address: str) -> None:
    assert parse_email(text) == address


@pytest.mark.parametrize(
    ("text", "word", "proposal"),
    [
        ("", "не указан", ""),
        ("school.example.test", "нет знака @", ""),
        ("a@example.test, b@example.test", "один адрес", ""),
        ("a@example.test b@example.test", "один адрес", ""),
        ("a@@example.test", "один адрес", ""),
        ("scho ol@example.test", "один адрес", ""),
        ("@example.test", "неполный", ""),
        ("school@", "неполный", ""),
        ("school@example", "с ошибкой", ""),
        ("school@-example.test", "с ошибкой", ""),
        ("a..b@example.test", "с ошибкой", ""),
        ("sсhооl@example.test", "русские буквы", "school@example.test"),
        ("school@exаmple.test", "русские буквы", "school@example.test"),
        ("школа@example.test", "русские буквы", ""),
        ("a" * 65 + "@example.test", "с ошибкой", ""),
    ],
)
def test_wrong_mail_is_explained(text: str, word: str, proposal: str) -> None:
    error = refused(parse_email, text)
    assert word in str(error)
    assert error.proposal == proposal


# Phones


@pytest.mark.parametrize(
    "text",
    [
        "+7 (475) 000-00-01",
        "8 475 000 00 01",
        "84750000001",
        "4750000001",
        "+7-475-000-00-01",
        "тел. 8(4750)00-00-01",
        "7 475 000.00.01",
    ],
)
def test_phone_takes_one_form(text: str) -> None:
    assert parse_phone(text) == "+7 (475) 000-00-01"


def test_phone_with_an_extension() -> None:
    assert parse_phone("8 (4752) 00-00-01 доб. 12") == "+7 (475) 200-00-01, доб.\u00a012"
    assert parse_phone(parse_phone("8 (4752) 00-00-01, доб.12")) == "+7 (475) 200-00-01, доб.\u00a012"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "не указан"),
        ("2-11-11", "нет кода города"),
        ("+7 475 000 00", "с ошибкой"),
        ("+8 475 000 00 01", "с ошибкой"),
        ("+380 44 000 00 01", "с ошибкой"),
        ("8 (47531) 2-11-11, 2-12-12", "один номер"),
        ("нет телефона", "лишние знаки"),
        ("+7+4750000001", "лишние знаки"),
    ],
)
def test_wrong_phone_is_explained(text: str, word: str) -> None:
    assert word in str(refused(parse_phone, text))


# Levels


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("60", 60),
        ("60.0", 60),
        ("60 ч.", 60),
        ("основной", 60),
        ("Основной (60 ч.)", 60),
        ("ОСНОВНОЙ УРОВЕНЬ", 60),
        ("основная", 60),
        ("Оснoвной", 60),  # Latin o
        ("Базовый", 40),
        ("базовый – 40 часов", 40),
        ("Продвинутый уровень (80 часов в год)", 80),
    ],
)
def test_level(text: str, hours: int) -> None:
    assert parse_level(text) == hours


@pytest.mark.parametrize(
    "text", ["", "50", "Базовый (60 ч.)", "базовый, основной", "600", "60.5", "не основной", "40/60", "средний", "-"]
)
def test_wrong_level_names_the_possible_ones(text: str) -> None:
    assert "базовый (40 ч); основной (60 ч); продвинутый (80 ч)" in str(refused(parse_level, text))


def test_contradictory_level_is_called_so() -> None:
    assert "противоречив" in str(refused(parse_level, "Базовый (60 ч.)"))


def test_levels_are_data() -> None:
    assert parse_level("углублённый", levels={"углубленный": 100}) == 100


# Yes and no


@pytest.mark.parametrize(
    ("text", "value"),
    [("Да", True), ("+", True), ("ИСТИНА", True), ("YES", True), ("нет.", False), ("—", False), ("0", False)],
)
def test_yes_and_no(text: str, value: bool) -> None:
    assert parse_yes_no(text) is value


@pytest.mark.parametrize("text", ["", "может быть", "да/нет"])
def test_neither_yes_nor_no(text: str) -> None:
    assert "«да» или «нет»" in str(refused(parse_yes_no, text))


# Alphabets


def test_latin_letters_among_cyrillic() -> None:
    text = "МБОУ «Дубpoвская COШ», IT-куб"
    assert mixed_words(text) == ("Дубpoвская", "COШ")
    assert unmixed(text) == "МБОУ «Дубровская СОШ», IT-куб"
    error = refused(check_alphabet, text)
    assert error.proposal == "МБОУ «Дубровская СОШ», IT-куб"
    assert "«COШ»" in str(error)


def test_word_that_cannot_be_put_right_has_no_proposal() -> None:
    assert refused(check_alphabet, "Шkolа").proposal == ""


def test_one_alphabet_a_word_is_fine() -> None:
    check_alphabet("Лицей «Quantum» № 5Б")


@given(st.text())
def test_unmixed_is_idempotent_and_adds_no_mixture(text: str) -> None:
    once = unmixed(text)
    assert unmixed(once) == once
    assert set(mixed_words(once)) <= set(mixed_words(text))


@given(st.text(st.sampled_from("АВСЕНКМОРТХУасеорху")))
def test_twins_translate_there_and_back(text: str) -> None:
    assert to_cyrillic(to_latin(text)) == text


ANY_TEXT = st.text() | st.text(st.sampled_from("0123456789 +-()@.,абв«»\u00a0ч"), max_size=20)


@given(st.sampled_from([parse_inn, parse_email, parse_phone]), ANY_TEXT)
def test_any_text_is_parsed_to_a_fixed_point_or_refused(parse: Callable[[str], str], text: str) -> None:
    try:
        value = parse(text)
    except CheckError as error:
        message = str(error)
    else:
        assert parse(value) == value
        return
    assert message


@given(st.sampled_from([parse_level, parse_yes_no]), ANY_TEXT)
def test_any_text_is_a_choice_or_refused(parse: Callable[[str], int], text: str) -> None:
    try:
        value = parse(text)
    except CheckError as error:
        message = str(error)
    else:
        assert value in (40, 60, 80, True, False)
        return
    assert message
