"""Bars of plain counts: as long as their counts, told in words, written as Excel's own chart."""

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from exports.charts import count_bars, draw
from exports.documents import CountBars, Document
from exports.writers.xlsx import write_xlsx
from tests.conftest import NOW

SVG = "{http://www.w3.org/2000/svg}"


def bars(svg: str) -> list[float]:
    """The lengths of the bars, outlines left out."""
    rows = [element for element in ET.fromstring(svg).iter(f"{SVG}rect") if element.get("stroke") == "none"]
    return [float(str(row.get("width"))) for row in rows if not str(row.get("fill")).startswith("url")]


def test_bars_are_as_long_as_their_counts() -> None:
    chart = CountBars("Возвраты", [("Нет документов", 8), ("Не подписан", 4), ("Другое", 0)])
    long, short = bars(count_bars(chart))
    assert long == pytest.approx(2 * short, abs=0.02)
    root = ET.fromstring(draw(chart, name="r"))
    assert root.find(f"{SVG}desc").text == "Нет документов — 8. Не подписан — 4. Другое — 0."  # type: ignore[union-attr]
    assert float(str(root.get("viewBox")).split()[3]) > 0


def test_nothing_counted_is_drawn_without_bars() -> None:
    assert bars(count_bars(CountBars("Возвраты", [("Другое", 0)]))) == []
    assert bars(count_bars(CountBars("Возвраты", []))) == []


def test_excel_gets_the_counts_and_a_chart_of_its_own() -> None:
    document = Document(
        title="Возвраты", subtitle="", facts=(), figures=(), charts=(CountBars("По причинам", [("Другое", 3)]),),
        tables=(), cut_off=NOW, filename="returns",
    )  # fmt: skip
    book = load_workbook(BytesIO(write_xlsx(document)))
    rows = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert rows["Другое"] == 3
