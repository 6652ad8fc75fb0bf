"""Bytes of a text file become text, or are refused in words; never anything else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap.imports.documents import LARGEST_FILE, NotADocument, decode_document

RUSSIAN = st.text(st.sampled_from("абвгдеёжз АБВЁ№«»–—\t\n0123456789.,"), min_size=1)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(NotADocument):
        assert "\x00" not in decode_document(data)


@given(RUSSIAN)
def test_utf_8_is_read_back(text: str) -> None:
    assert decode_document(text.encode()) == text
    assert decode_document(text.encode("utf-8-sig")) == text
    assert decode_document(text.encode("utf-16")) == text


def test_windows_1251_is_read_back() -> None:
    text = "Приказ № 2381 «О профминимуме» — ёлка"
    assert decode_document(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04", "документ Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "документ Word"),
        (b"%PDF-1.7", "документ Word"),
        (b"{\\rtf1", "документ Word"),
        (b"a\x00b", "нет текста"),
        (b"\xff\xfea", "нет текста"),
        (b"a" * (LARGEST_FILE + 1), "больше 2 МБ"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(NotADocument, match=message):
        decode_document(data)
