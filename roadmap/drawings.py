"""The timeline as SVG: items against months, spans and milestones, today's line. Pure geometry.

Only presentation attributes are used, as in the charts of ``exports``: pages forbid inline styles. How
something stands is told by shape as well as by colour.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from accounts import russian
from exports.charts import FONT, INK, MUTED, PAINTS
from exports.documents import SeriesRole
from obligations.aggregates import Tally
from roadmap.aggregates import Due, Origin
from roadmap.models import Item

LABELS, LINE, SECTION_LINE, HEAD = 360, 28, 34, 40
WIDTH = 1040
_TITLE_SIGNS = 43
_MONTHS = ("", "янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")

STANDINGS: dict[str, str] = {
    "overdue": "есть просрочка",
    "open": "в работе",
    "review": "на проверке",
    "done": "исполнено",
    "none": "поручений нет",
}
# How an own roadmap marks what it makes stricter and what it adds.
ORIGIN_SIGNS = {Origin.STRICTER: "!", Origin.ADDED: "+"}
ORIGIN_WORDS = {Origin.STRICTER: "строже", Origin.ADDED: "добавлено", Origin.INHERITED: "унаследовано"}
ORIGIN_LEGEND = "Знак «!»\u00a0— срок раньше, чем в\u00a0вышестоящей дорожной карте, «+»\u00a0— добавлено."
_FILLS = {
    "overdue": PAINTS[SeriesRole.OVERDUE].fill,
    "open": "#ffffff",
    "review": PAINTS[SeriesRole.REVIEW].fill,
    "done": PAINTS[SeriesRole.DONE].fill,
    "none": "#e9ecef",
}
# Around the middle of a mark: triangle, diamond, square, circle (as a path), a small cross.
_SHAPES = {
    "overdue": "M0 -8 8 6H-8z",
    "open": "M0 -8 8 0 0 8 -8 0z",
    "review": "M-6 -6H6V6H-6z",
    "done": "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0z",
    "none": "M-5 -2H-2V-5H2V-2H5V2H2V5H-2V2H-5z",
}


def mark(standing: str) -> SafeString:
    """Draw the mark of a legend or of a list."""
    return format_html(
        '<svg class="standing-mark" viewBox="-10 -10 20 20" aria-hidden="true" focusable="false">{}</svg>',
        _shape(standing, 0, 0),
    )


def _shape(standing: str, x: float, y: float) -> SafeString:
    """Draw the shape of a standing around a point."""
    return format_html(
        '<path d="{}" transform="translate({} {})" fill="{}" stroke="{}" stroke-width="1.5"/>',
        _SHAPES[standing],
        f"{x:.1f}",
        f"{y:.1f}",
        _FILLS[standing],
        INK,
    )


@dataclass(frozen=True)
class _Scale:
    """The days that the drawing spans, whole months."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day begins."""
        whole = (self.last - self.first).days + 1
        return LABELS + (WIDTH - LABELS - 12) * (day - self.first).days / whole

    @property
    def months(self) -> list[date]:
        """The first days of the months."""
        found, month = [], self.first
        while month <= self.last:
            found.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        return found


def timeline(
    rows: Sequence[tuple[Item, Sequence[Due]]],
    *,
    first: date,
    last: date,
    today: date,
    marked: Mapping[int, Origin],
) -> SafeString:
    """Draw the rows between two days, widened to whole months and to what is due; sections have heads.

    A row without dates would be a blank line: it is left out.
    """
    rows = [(item, dues) for item, dues in rows if dues]
    days = [day for _, dues in rows for due in dues for day in (due.start_on or due.due_on, due.due_on)]
    end = (max([last, *days]).replace(day=1) + timedelta(days=32)).replace(day=1)
    scale = _Scale(min([first, *days]).replace(day=1), end - timedelta(days=1))
    body, top = [], float(HEAD)
    for section, group in groupby(rows, key=lambda row: row[0].section):
        heading = Truncator(str(section)).chars(120)
        body.append(
            format_html('<text x="0" y="{}" fill="{}" font-weight="700">{}</text>', f"{top + 23:.0f}", INK, heading)
        )
        top += SECTION_LINE
        for item, dues in group:
            sign = ORIGIN_SIGNS.get(marked.get(item.pk, Origin.INHERITED), "")
            body.append(_row(item, sign, dues, scale, top))
            top += LINE
    height = top + 8
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="timeline" viewBox="0 0 {} {}" role="group"'
        ' aria-label="Лента года" font-family="{}" font-size="14">{}{}{}</svg>',
        WIDTH,
        f"{height:.0f}",
        FONT,
        _months(scale, height),
        format_html_join("", "{}", ((part,) for part in body)),
        _today(scale, today, height),
    )


def _months(scale: _Scale, height: float) -> SafeString:
    """Draw a line before each month and its name, with the year where one begins."""
    lines = []
    for number, month in enumerate(scale.months):
        year = f" {month:%y}" if number == 0 or month.month == 1 else ""
        lines.append(
            (f"{scale.x(month):.1f}", f"{height:.0f}", f"{scale.x(month) + 4:.1f}", _MONTHS[month.month], year)
        )
    return format_html_join(
        "",
        '<path d="M{0} 22V{1}" stroke="#ced4da" stroke-width="1"/><text x="{2}" y="34" fill="#495057"'
        ' font-size="12">{3}{4}</text>',
        lines,
    )


def _row(item: Item, sign: str, dues: Iterable[Due], scale: _Scale, top: float) -> SafeString:
    """Draw one item: its name, a rule, its spans first and the marks above them."""
    middle, url = top + LINE / 2, item.get_absolute_url()
    spans = [due for due in dues if due.start_on]
    drawn = [_span(due, scale, middle) for due in spans]
    drawn += [_due(due, url, scale, middle) for due in dues]
    return format_html(
        '<a href="{}"><text x="0" y="{}" fill="#0b4a8f"><tspan font-weight="700">{}</tspan> {}'
        "<title>{}</title></text></a>"
        '<path d="M{} {}H{}" stroke="#e9ecef" stroke-width="1"/>{}',
        url,
        f"{middle + 5:.0f}",
        f"{item.number} {sign}".rstrip(),
        Truncator(item.title).chars(_TITLE_SIGNS),
        str(item),
        LABELS,
        f"{top + LINE:.0f}",
        WIDTH - 12,
        format_html_join("", "{}", ((shape,) for shape in drawn)),
    )


def _span(due: Due, scale: _Scale, middle: float) -> SafeString:
    """Draw the days between start and due date."""
    left = scale.x(due.start_on or due.due_on)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="8" rx="4" fill="{}" stroke="{}" stroke-width="0.75"/>',
        f"{left:.1f}",
        f"{middle - 4:.1f}",
        f"{max(scale.x(due.planned_on) - left, 2):.1f}",
        _FILLS[due.standing],
        MUTED,
    )


def _due(due: Due, url: str, scale: _Scale, middle: float) -> SafeString:
    """Draw the mark of a due date, which leads to the obligations behind it."""
    return format_html(
        '<a href="{}?due={}#organizations" aria-label="{}">{}{}<title>{}</title></a>',
        url,
        f"{due.planned_on:%Y-%m-%d}",
        (words := due_words(due)),
        _more_time(due, scale, middle),
        _shape(due.standing, scale.x(due.due_on + timedelta(days=1)), middle),
        words,
    )


def _more_time(due: Due, scale: _Scale, middle: float) -> SafeString:
    """Draw how far an extension has taken a due date, from where the roadmap has it."""
    if not due.is_extended:
        return SafeString("")
    return format_html(
        '<path d="M{} {}H{}" stroke="{}" stroke-width="1.5" stroke-dasharray="3 3"/>',
        f"{scale.x(due.planned_on + timedelta(days=1)):.1f}",
        f"{middle:.1f}",
        f"{scale.x(due.due_on + timedelta(days=1)):.1f}",
        MUTED,
    )


def due_words(due: Due) -> str:
    """Tell a due date in words: «3.2, срок 20.10.2023: есть просрочка; принято 3 из 10, просрочено 2»."""
    extended = f", продлён до {due.due_on:%d.%m.%Y}" if due.is_extended else ""
    words = f"{due.item.number}, срок {due.planned_on:%d.%m.%Y}{extended}: {STANDINGS[due.standing]}"
    if due.tally.obligations:
        words += f"; принято {russian.figure(due.tally.accepted)} из {russian.figure(due.tally.obligations)}"
    return words + (f", просрочено {russian.figure(due.tally.overdue)}" if due.tally.overdue else "")


def _today(scale: _Scale, today: date, height: float) -> SafeString:
    """Draw today's line, if today is among the days."""
    if not scale.first <= today <= scale.last:
        return SafeString("")
    x = scale.x(today)
    return format_html(
        '<path d="M{0} 18V{1}" stroke="#a50e1c" stroke-width="2" stroke-dasharray="5 3"/>'
        '<text x="{0}" y="13" fill="#a50e1c" font-size="12" font-weight="700" text-anchor="middle">сегодня, {2}</text>',
        f"{x:.1f}",
        f"{height:.0f}",
        f"{today:%d.%m.%Y}",
    )


_NOTHING = SafeString('<td class="heat heat-none">—</td>')


def matrix_cells(cells: Iterable[tuple[Item, Tally]], *, who: str, query: str, measure: str) -> SafeString:
    """Draw the cells of one row of the matrix, each a link to what is behind it."""
    base = reverse("roadmap:item", args=[0]).replace("/0/", "/{}/")
    parts = []
    for item, tally in cells:
        level, shown = heat(tally, measure)
        if not tally.obligations:
            parts.append(_NOTHING)
            continue
        words = f"{shown} — {item.number}, {who}: {tally_words(tally)}"
        parts.append(
            format_html(
                '<td class="heat heat-{}-{}"><a href="{}{}#organizations" aria-label="{}" title="{}">{}</a></td>',
                measure,
                level,
                base.format(item.pk),
                query,
                words,
                words,
                shown,
            )
        )
    return format_html_join("", "{}", ((part,) for part in parts))


def heat(tally: Tally, measure: str) -> tuple[int, str]:
    """Return how warm a cell is, 0 to 4, and the figure in it."""
    if measure == "overdue":
        share = tally.overdue / tally.obligations if tally.obligations else 0
        level = 0 if not tally.overdue else 1 if share <= 0.1 else 2 if share <= 0.25 else 3 if share <= 0.5 else 4
        return level, russian.figure(tally.overdue)
    share = tally.accepted_rate or 0
    level = 4 if share >= 1 else 3 if share >= 0.75 else 2 if share >= 0.4 else 1 if share > 0 else 0
    return level, russian.percent(tally.accepted, tally.obligations)


def tally_words(tally: Tally) -> str:
    """Tell a tally in words: «принято 3 из 10, на проверке 1, в работе 4, просрочено 2»."""
    if not tally.obligations:
        return "поручений нет"
    figures = [("на проверке", tally.under_review), ("в работе", tally.in_progress), ("просрочено", tally.overdue)]
    accepted = f"принято {russian.figure(tally.accepted)} из {russian.figure(tally.obligations)}"
    return ", ".join([accepted, *(f"{name} {russian.figure(value)}" for name, value in figures if value)])
