"""``manage.py explain_deadline``: phrases in, their dates out, whatever the lines hold. No database."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadmap.deadlines import parse
from tests.conftest import NOW


class Typed:
    """Standard input with these bytes in it."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def explained(*arguments: str, year: str = "2023") -> list[str]:
    out = io.StringIO()
    call_command("explain_deadline", *arguments, f"--year={year}", stdout=out)
    return out.getvalue().removesuffix("\n").split("\n")


def answers(monkeypatch: pytest.MonkeyPatch, data: bytes) -> list[dict[str, Any]]:
    monkeypatch.setattr(sys, "stdin", Typed(data))
    return [json.loads(line) for line in explained("--json", "-")]


def test_each_line_gives_one_object_of_the_agreed_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = "до 28.02.2024 и 31.03.2024\nОктябрь 2023 г., по согласованию\n31 сентября\n"
    assert answers(monkeypatch, phrases.encode()) == [
        {
            "text": "до 28.02.2024 и 31.03.2024",
            "kind": "by_date",
            "occurrences": [{"start": None, "due": "2024-02-28"}, {"start": None, "due": "2024-03-31"}],
            "note": "",
        },
        {
            "text": "Октябрь 2023 г., по согласованию",
            "kind": "period",
            "occurrences": [{"start": "2023-10-01", "due": "2023-10-31"}],
            "note": "по согласованию",
        },
        {"text": "31 сентября", "kind": "unresolved", "occurrences": [], "note": ""},
    ]


def test_empty_and_strange_lines_are_answered_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"\xef\xbb\xbf\xd0\xbc\xd0\xb0\xd0\xb9\r", b"", b"\xff\xfe\x00", "мая ".encode() * 100_000, b'"{\x0c\x85']
    read = answers(monkeypatch, b"\n".join(lines))
    assert [answer["kind"] for answer in read] == ["period", *["unresolved"] * 4]
    assert read[0]["text"] == "май"
    assert read[1]["text"] == ""
    assert len(read[3]["text"]) == 400_000


def test_nothing_on_the_input_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Typed(b""))
    assert explained("--json", "-") == [""]


def test_phrases_may_stand_on_the_command_line_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "сроки.txt"
    file.write_text("к 1 сентября\nежегодно до 25 мая\n", encoding="utf-8")
    assert explained("до 1 октября", str(file)) == [
        "до 1 октября → срок: 01.10.2023",
        "к 1 сентября → срок: 01.09.2023",
        "ежегодно до 25 мая → повторяется, 1\u00a0раз: 25.05.2024",
    ]
    assert explained("  до\n1 октября ") == ["до 1 октября → срок: 01.10.2023"]
    assert explained("") == ["(пусто) → срок не распознан: даты нужно указать вручную"]


def test_without_a_year_the_current_one_is_taken() -> None:
    out = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("explain_deadline", "25 мая", stdout=out)
    assert out.getvalue() == "25 мая → дата: 25.05.2024\n"


@pytest.mark.parametrize("year", ["", "23", "две тысячи", "-2023", "²⁰²³", "9" * 30])
def test_a_year_that_is_none_is_refused_in_russian(year: str) -> None:
    with pytest.raises(CommandError, match="не читается: нужен год его начала"):
        explained("май", year=year)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_any_bytes_give_an_object_for_each_line(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", Typed(data))
    out = io.StringIO()
    call_command("explain_deadline", "--json", "-", "--year", "2023", stdout=out)
    read = [json.loads(line) for line in out.getvalue().split("\n")[:-1]]
    assert len(read) == len(io.BytesIO(data).readlines())
    assert all(answer["kind"] == parse(answer["text"], 2023).kind.value for answer in read)
