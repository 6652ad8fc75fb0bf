"""Dates as a person writes them."""

import contextlib
from datetime import date, timedelta

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from roadmap.forms import DatesField, dates_as_text, year_choices
from roadmap.models import Occurrence

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
SPANS = st.tuples(st.none() | DAYS, DAYS).map(
    lambda span: (min(span[0], span[1]) if span[0] else None, max(span[0] or span[1], span[1]))
)


@given(st.lists(SPANS, min_size=1, max_size=12, unique_by=lambda span: span[1]))
def test_what_the_form_shows_is_what_it_reads(spans: list[tuple[date | None, date]]) -> None:
    shown = dates_as_text([Occurrence(start_on=start, due_on=due) for start, due in spans])
    assert DatesField().clean(shown) == spans


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(forms.ValidationError):
        spans = DatesField(required=False).clean(text)
        assert all(start is None or start <= due for start, due in spans)


def test_every_wrong_line_is_named() -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        DatesField().clean("осенью\n31.09.2023\n20.10.2023")
    assert [message[: message.index("»") + 1] for message in refusal.value.messages] == ["«осенью»", "«31.09.2023»"]


def test_too_many_dates_are_refused() -> None:
    days = [date(2023, 9, 1) + timedelta(days=number) for number in range(61)]
    with pytest.raises(forms.ValidationError, match="Слишком много дат: не больше 60"):
        DatesField().clean("\n".join(f"{day:%d.%m.%Y}" for day in days))


def test_years_reach_from_the_first_minimum_to_the_year_after_next() -> None:
    assert year_choices(date(2023, 10, 16)) == [
        ("2025", "2025/2026"),
        ("2024", "2024/2025"),
        ("2023", "2023/2024"),
        ("2022", "2022/2023"),
    ]
    assert year_choices(date(2023, 10, 16), 2030, None)[0] == ("2030", "2030/2031")
