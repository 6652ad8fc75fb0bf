"""The filters of the lists."""

from django import forms
from django.test.html import parse_html

from obligations.forms.filters import LongSelect


def test_a_long_choice_is_drawn_as_a_short_one_is() -> None:
    choices = [("", "Все организации"), (7, "Школа «Лицей № 1» & <друзья>"), (12, 'МБОУ "СОШ"')]
    for value in (None, "", "12", 7, "чужое"):
        long, short = (
            widget(choices=choices, attrs={"data-x": "1"}).render("organization", value, {"id": "id_o", "class": "c"})
            for widget in (LongSelect, forms.Select)
        )
        assert parse_html(long) == parse_html(short)
