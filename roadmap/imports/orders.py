"""What the lines in front of the table say: the order's number and date, the roadmap's title and year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from roadmap.deadlines import ScheduleKind, parse
from sheets.pasted import PastedRow

# References to other acts stand in long paragraphs; the order's own requisites have a line of their own.
_LONGEST_REQUISITE = 90
_DATE = r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}|[«\"]?[0-9]{1,2}[»\"]? [а-яё]+ [0-9]{4}"
# «25.08.2023 г. Тамбов № 2381»: three cells of a layout table in one line.
_CITY = r"(?:\s*г\.\s*[А-ЯЁ][а-яё-]+)?"
_NUMBER = r"(?:№|N)\s*(?P<number>[0-9][0-9А-Яа-яA-Za-z/\-]{0,30})"
_WHOLE = re.compile(rf"(?:.*\bот\s+)?(?P<date>{_DATE})(?:\s*г(?:ода|\.)?)?{_CITY}\s*{_NUMBER}", re.IGNORECASE)
_REVERSED = re.compile(rf"(?:приказ\w*\s+)?{_NUMBER}\s+от\s+(?P<date>{_DATE})(?:\s*г(?:ода|\.)?)?", re.IGNORECASE)
_ONLY_DATE = re.compile(rf"(?:от\s+)?(?P<date>{_DATE})(?:\s*г(?:ода|\.)?)?", re.IGNORECASE)
_ONLY_NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_YEAR = re.compile(r"(20[0-9]{2})\s*[/\-–—]\s*(?:20)?([0-9]{2})(?![0-9])")
_TITLE = re.compile(r"дорожн\w+ карт|план-график|план мероприятий|комплекс мер", re.IGNORECASE)
_NO_TITLE = re.compile(r"приложение|утвержден|к приказу|№|от ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OrderLines:
    """Suggestions for the edition's own fields."""

    title: str = ""
    number: str = ""
    date: dt.date | None = None
    academic_year: int | None = None


def read_order(rows: Sequence[PastedRow]) -> OrderLines:
    """Read the rows in front of the table; whatever they do not say is left empty."""
    number, date = _requisites(rows)
    title = _title(rows)
    texts = [title, *(row.text for row in rows)]
    years = (_academic_year(text) for text in texts)
    return OrderLines(title, number, date, next((year for year in years if year is not None), None))


def _requisites(rows: Sequence[PastedRow]) -> tuple[str, dt.date | None]:
    number, date = "", None
    for row in rows:
        # Forms have lines to write the date and the number on.
        text = " ".join(row.text.replace("_", " ").split())
        if len(text) > _LONGEST_REQUISITE:
            continue
        match = next(
            (
                found
                for pattern in (_WHOLE, _REVERSED, _ONLY_DATE, _ONLY_NUMBER)
                if (found := pattern.fullmatch(text)) is not None
            ),
            None,
        )
        if match is None:
            continue
        found_in = match.groupdict()
        number = number or found_in.get("number") or ""
        date = date or _date(found_in.get("date") or "")
        if number and date:
            break
    return number, date


def _date(text: str) -> dt.date | None:
    """The day written so; the deadline language knows every way to write one."""
    schedule = parse(text, 2000)
    if schedule.kind is not ScheduleKind.ON_DATES or len(schedule.occurrences) != 1:
        return None
    return schedule.occurrences[0].due


def _academic_year(text: str) -> int | None:
    for match in _YEAR.finditer(text):
        start = int(match[1])
        if (start + 1) % 100 == int(match[2]):
            return start
    return None


def _title(rows: Sequence[PastedRow]) -> str:
    """The last paragraph in front of the table, with the lines it was broken into."""
    lines: list[PastedRow] = []
    for row in reversed(rows):
        if _NO_TITLE.match(row.text) or (lines and row.line != lines[0].line - 1):
            break
        lines.insert(0, row)
    title = " ".join(row.text for row in lines)
    if _TITLE.search(title):
        return title
    return next((row.text for row in reversed(rows) if _TITLE.search(row.text)), title)
