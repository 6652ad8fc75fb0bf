"""One plain line out of whatever was typed or pasted."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets import text as text_module
from sheets.text import clean_rows, clean_text, clean_texts


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  МБОУ\u00a0\u2009 «Дубровская\r\nСОШ»\t", "МБОУ «Дубровская СОШ»"),
        ("Шко\u00adла\u200b\ufeff", "Школа"),
        ("и\u0306 е\u0308", "й ё"),
        ("а\x00\x07б", "аб"),
        ("слово\u2028слово", "слово слово"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_text_is_cleaned(typed: str, clean: str) -> None:
    assert clean_text(typed) == clean


@given(st.text() | st.text(st.sampled_from("аЯё №«»—-1a \u00a0\u200b\n")))
def test_clean_text_is_a_fixed_point_on_one_line(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert clean == " ".join(clean.split())


@given(st.text(st.sampled_from("аЯё№«»–—-1a~! ")))
def test_short_cut_changes_nothing(text: str) -> None:
    """Text that the short cut lets through is what the long way would have made of it."""
    if text_module._CLEAN.fullmatch(text):
        assert unicodedata.normalize("NFC", text) == text == " ".join(text.split())


@given(st.lists(st.text() | st.text(st.sampled_from("аЯё №«»—-1a \u00a0\u200b\n"), max_size=5), max_size=4))
def test_texts_beside_each_other_are_cleaned_each_by_itself(texts: list[str]) -> None:
    assert clean_texts(texts) == [clean_text(text) for text in texts]


@pytest.mark.parametrize("texts", [[], [""], ["а", "", "б"], ["", "а", ""], ["Школа\n№ 1", "а"], ["а ", " б"]])
def test_a_line_break_in_a_cell_is_no_border_between_cells(texts: list[str]) -> None:
    assert clean_texts(texts) == [clean_text(text) for text in texts]


@given(st.lists(st.lists(st.text() | st.sampled_from(["Школа № 1", "МБОУ"]), max_size=3), max_size=4))
def test_rows_are_cleaned_cell_by_cell(rows: list[list[str]]) -> None:
    assert [list(row) for row in clean_rows(rows)] == [[clean_text(text) for text in row] for row in rows]
