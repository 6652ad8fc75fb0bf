"""The grammar of dates and stretches with what binds them: «до», «не позднее», «с … по …», lists and spans.

Every function reads at the cursor and returns what it understood, or ``None`` with the cursor where it was.
"""

from __future__ import annotations

from roadmap.deadlines.figures import (
    in_academic_year,
    months_stretch,
    read_academic_year,
    read_figures,
    read_year,
    take_school_year_words,
    take_year_noun,
    valid_day,
    with_year,
)
from roadmap.deadlines.numbered import read_numbered, take_list_sign
from roadmap.deadlines.phrases import Dated, Edge, Limit, Stretch
from roadmap.deadlines.schedule import Unreadable
from roadmap.deadlines.tokens import Cursor, TokenKind
from roadmap.deadlines.words import MONTHS, MONTHS_GENITIVE

_ACADEMIC_YEAR = Stretch(Edge(9), Edge(8))


def _read_group(cur: Cursor) -> list[Stretch] | None:
    """One thing with a year of its own: a date in figures, days of a month, a month, a quarter …"""
    figures = read_figures(cur)
    if figures is not None:
        return [figures]
    numbered = read_numbered(cur)
    if numbered is not None:
        return numbered
    mark = cur.place
    name = cur.take_word(MONTHS)
    if name is not None:
        cur.skip_stop()
        cur.take("месяц[а-я]*")
        return with_year(cur, [months_stretch((MONTHS[name], MONTHS[name]))])
    year = read_year(cur)
    # «2024 г.» alone is that calendar year; a bare number is not enough to say so.
    if year is not None and cur.tokens[cur.place - 1].kind is not TokenKind.NUMBER:
        return [months_stretch((1, 12), year)]
    cur.place = mark
    return None


def join(first: Stretch, last: Stretch) -> Stretch:
    """One period out of two ends."""
    return Stretch(first.first, last.last)


def read_span(cur: Cursor) -> list[Stretch] | None:
    """A group, or a span of two joined by a dash: «25 марта – 30 апреля», «октябрь 2023 г. – май 2024 г.»."""
    group = _read_group(cur)
    if group is None:
        return None
    mark = cur.place
    if cur.take_sign("-"):
        cur.take_any("по", "до")
        other = _read_group(cur)
        if other is not None:
            return [*group[:-1], join(group[-1], other[0]), *other[1:]]
    cur.place = mark
    return group


def read_from_to(cur: Cursor) -> Dated | None:
    """«с 15 марта по 16 апреля 2021 г.», «с 1 по 15 октября», «с сентября до мая»."""
    mark = cur.place
    if cur.take_any("с", "со", "от"):
        bare = cur.peek()
        first = _read_group(cur)
        if first is None and bare.kind is TokenKind.NUMBER and len(bare.value) <= 2:
            cur.step()
            cur.take("числа")
        if cur.peek().value == "." and cur.peek(1).value in {"по", "до"}:
            # «с 01.09. по 30.09.2023»
            cur.step()
        by = cur.take_any("до конца", "по конец", "по", "до") if cur.place != mark else False
        exclusive = by and cur.tokens[cur.place - 1].value == "до"
        last = _read_group(cur) if by else None
        if last is not None and len(last) == 1 and (first is None or len(first) == 1):
            if first is None:
                edge = last[0].first
                stretch = Stretch(Edge(edge.month, valid_day(bare.number), edge.year), last[0].last)
            else:
                stretch = join(first[0], last[0])
            inclusive = take_inclusive(cur)
            if exclusive and not inclusive and not last[0].last.is_day:
                stretch = Stretch(stretch.first, _month_before(last[0].first))
            return Dated(stretch)
    cur.place = mark
    return None


def _month_before(edge: Edge) -> Edge:
    if edge.day is not None:
        raise Unreadable("ends before a part of a month")
    year = edge.year
    if edge.month == 1:
        return Edge(12, year=None if year is None else year - 1)
    return Edge(edge.month - 1, year=year)


def take_inclusive(cur: Cursor) -> bool:
    """«включительно»: says what we take for granted of days, and turns «до мая» into the whole of May."""
    return cur.take_any("включительно", "вкл")


_WITHIN = (
    "не позднее чем до",
    "не позднее чем",
    "не позднее конца",
    "не позднее",
    "не позже чем",
    "не позже",
    "до конца",
    "к концу",
    "до окончания",
    "до завершения",
    "по конец",
    "по",
)
_BEFORE = ("до начала", "к началу", "до", "к", "ко")


def read_limit(cur: Cursor) -> Limit | None:
    """«в срок до», «не позднее», «к» …"""
    mark = cur.place
    if cur.take_any("в срок", "в сроки", "срок"):
        cur.take_sign("-", ":")
    if cur.take_any(*_WITHIN):
        return Limit.WITHIN
    if cur.take_any(*_BEFORE):
        return Limit.BEFORE
    cur.place = mark
    return None


_FILLERS = (
    "в течени[еи] всего",
    "в течени[еи]",
    "на протяжении всего",
    "на протяжении",
    "в период",
    "за период",
    "период",
    "в срок",
    "в сроки",
    "весь",
    "месяц",
    "в месяце",
    "в",
    "во",
    "за",
)


def read_dates(cur: Cursor) -> list[Dated] | None:
    """A list of dates and stretches under one limit: «до 20 декабря и 25 мая», «сентябрь/ноябрь 2023 г.»."""
    mark = cur.place
    limit = read_limit(cur)
    if limit is None:
        cur.take_any(*_FILLERS)
        from_to = read_from_to(cur)
        if from_to is not None:
            return [from_to]
    spans = read_span(cur)
    if spans is None and limit is not None and (take_school_year_words(cur)):
        spans = [_ACADEMIC_YEAR]
    if spans is None and limit is not None:
        academic = read_academic_year(cur)
        if academic is not None and (take_school_year_words(cur) or take_year_noun(cur)):
            spans = [in_academic_year(_ACADEMIC_YEAR, academic)]
    if spans is None:
        cur.place = mark
        return None
    inclusive = take_inclusive(cur)
    if limit is None:
        return [Dated(stretch) for stretch in spans]
    return [Dated(stretch, Limit.WITHIN if inclusive else limit) for stretch in (*spans, *_read_more_under_limit(cur))]


def _read_more_under_limit(cur: Cursor) -> list[Stretch]:
    """What goes on under the «до» of the date before it: days, and months in the genitive."""
    more: list[Stretch] = []
    while True:
        mark = cur.place
        goes_on = take_list_sign(cur)
        month_only = cur.peek().value in MONTHS
        genitive = cur.peek().value in MONTHS_GENITIVE
        spans = _read_group(cur) if goes_on else None
        by_unit = spans is not None and not all(stretch.is_day for stretch in spans)
        if spans is None or (by_unit and not (month_only and genitive)) or cur.peek().value == "-":
            cur.place = mark
            return more
        take_inclusive(cur)
        more += spans
