"""Charts of our own: the same drawing on page and paper, read by eye, by number and by ear."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.charts import PAINTS, description, share_bar, share_bar_patterns, stacked_bars
from exports.documents import Bar, SeriesRole, StackedBars

SVG = "{http://www.w3.org/2000/svg}"
SERIES = (("Принято", SeriesRole.DONE), ("На проверке", SeriesRole.REVIEW), ("Просрочено", SeriesRole.OVERDUE))


def chart(*bars: Bar) -> StackedBars:
    """A chart of three series."""
    return StackedBars("Ход по разделам", SERIES, bars)


def texts(svg: str) -> list[str]:
    """Everything written in the drawing."""
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_chart_is_an_image_with_a_name_and_a_description() -> None:
    root = ET.fromstring(stacked_bars(chart(Bar("I. Первый", (3, 2, 0))), name="progress"))
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert str(root.get("aria-labelledby")).split() == list(named)
    assert named["progress-title"] == "Ход по разделам"
    assert named["progress-desc"] == "I. Первый: принято — 3, на проверке — 2, просрочено — 0."


def test_numbers_stand_in_the_bars_and_series_in_the_legend() -> None:
    written = texts(stacked_bars(chart(Bar("I. Первый", (1500, 500, 0)))))
    assert {"Принято", "На проверке", "Просрочено", "I. Первый", "1\u00a0500", "500", "2\u00a0000"} == set(written)


def test_a_part_too_narrow_for_its_number_is_still_drawn() -> None:
    svg = stacked_bars(chart(Bar("I. Первый", (9999, 0, 1))))
    assert "1" not in texts(svg)
    assert PAINTS[SeriesRole.OVERDUE].fill in svg.split("</defs>")[1].split("Первый", 1)[1]


def test_a_bar_of_nothing_says_so() -> None:
    assert "нет" in texts(stacked_bars(chart(Bar("I. Первый", (0, 0, 0)))))


def test_series_differ_by_more_than_colour() -> None:
    svg = stacked_bars(chart(Bar("I. Первый", (1, 1, 1))), name="a")
    assert re.findall(r'<pattern id="([^"]+)"', svg) == ["a-review", "a-overdue"]


def test_pages_with_a_strict_policy_and_paper_can_both_draw_it() -> None:
    svg = stacked_bars(chart(Bar("I. Первый", (1, 1, 1))))
    assert "style" not in svg
    assert "var(" not in svg
    assert "<script" not in svg


def test_two_charts_of_a_page_do_not_share_ids() -> None:
    page = stacked_bars(chart(Bar("I", (1, 1, 1))), name="a") + stacked_bars(chart(Bar("I", (1, 1, 1))), name="b")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_markup_in_a_label_is_text() -> None:
    bar = Bar('<b>"Первый"</b>', (1, 0, 0))
    assert bar.label in texts(stacked_bars(chart(bar)))
    assert description(chart(bar)).startswith(bar.label)


@pytest.mark.parametrize("width", [340, 960])
@settings(deadline=None)
@given(values=st.tuples(*[st.integers(0, 10**6)] * 3))
def test_parts_fill_their_bar_and_never_leave_it(width: int, values: tuple[int, int, int]) -> None:
    root = ET.fromstring(stacked_bars(chart(Bar("Раздел", values)), width=width))
    group = root.find(f"{SVG}g")
    assert group is not None
    for box in group.iter(f"{SVG}rect"):
        assert float(box.get("x", "")) >= 0
        assert float(box.get("x", "")) + float(box.get("width", "")) <= width + 0.02
    outlines = [box for box in group.iter(f"{SVG}rect") if box.get("fill") == "none"]
    if any(values):
        assert sum(float(box.get("width", "")) for box in outlines) == pytest.approx(width, abs=0.05)


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=4, max_size=4))
def test_a_bar_among_words_shows_every_part_in_its_share(values: list[int]) -> None:
    parts = list(zip(SeriesRole, values, strict=True))
    svg = ET.fromstring(str(share_bar(parts, label="принято 1 из 4")))
    assert svg.get("aria-label") == "принято 1 из 4"
    painted = {box.get("fill"): float(box.get("width") or 0) for box in svg}
    for role, value in parts:
        assert (PAINTS[role].fill in painted) == (value > 0)
    width = float((svg.get("viewBox") or "").split()[2])
    plain = [size for fill, size in painted.items() if fill and not fill.startswith("url")]
    assert sum(plain) <= width + 0.5


def test_the_hatchings_of_a_page_are_drawn_once_and_by_name() -> None:
    patterns = ET.fromstring(str(share_bar_patterns()))
    ids = {node.get("id") for node in patterns.iter() if node.get("id")}
    assert ids == {"share-review", "share-overdue"}
    assert all(f"url(#{name})" in str(share_bar([(SeriesRole(str(name)[6:]), 1)], label="")) for name in ids)
