"""The grammar of numbers and the nouns they count: days of a month, quarters, halves, decades, weekdays.

Every function reads at the cursor and returns what it understood, or ``None`` with the cursor where it was.
"""

from __future__ import annotations

from roadmap.deadlines.days import CALENDAR_HALVES, QUARTERS, SCHOOL_HALVES, TERMS, TRIMESTERS
from roadmap.deadlines.figures import (
    months_stretch,
    read_academic_year,
    read_figures,
    take_school_year_words,
    valid_day,
    with_year,
)
from roadmap.deadlines.phrases import Edge, NthWeekday, Stretch
from roadmap.deadlines.schedule import Unreadable
from roadmap.deadlines.tokens import Cursor, TokenKind
from roadmap.deadlines.words import (
    DAY_ORDINALS,
    DECADE_NOUN,
    LAST,
    MIDDLE_NOUN,
    MONTHS,
    MONTHS_GENITIVE,
    ORDINALS,
    TENS,
    UNIT_NOUNS,
    WEEKDAYS,
    Unit,
)

Range = tuple[int, int]


def _read_number(cur: Cursor) -> int | None:
    """A number, a Roman numeral or an ordinal word."""
    token = cur.peek()
    if token.kind is TokenKind.NUMBER and len(token.value) <= 2:
        return cur.step().number
    if token.kind is TokenKind.WORD and (token.number or token.value in ORDINALS):
        cur.step()
        return token.number or ORDINALS[token.value]
    return take_day_in_words(cur)


def take_day_in_words(cur: Cursor) -> int | None:
    """«пятого», «двадцать пятого», «тридцатое»: a day of the month spelt out."""
    tens, ones = TENS.get(cur.peek().value, 0), DAY_ORDINALS.get(cur.peek(1).value, 0)
    if tens and 1 <= ones <= 9:
        cur.place += 2
        return tens + ones
    word = cur.take_word(DAY_ORDINALS)
    return DAY_ORDINALS[word] if word else None


def _read_numbers(cur: Cursor) -> list[Range] | None:
    """«1, 15 и 29», «18-20», «I и II», «первая»: ranges in order."""
    ranges: list[Range] = []
    mark = cur.place
    while (number := _read_number(cur)) is not None:
        last = number
        dash = cur.place
        if cur.take_sign("-"):
            upper = _read_number(cur)
            if upper is None:
                cur.place = dash
            else:
                last = upper
        ranges.append((number, last))
        mark = cur.place
        if not take_list_sign(cur):
            break
    cur.place = mark
    return ranges or None


def take_list_sign(cur: Cursor) -> bool:
    """Take what stands between members of a list: a comma, a slash, «и», «, а также»."""
    taken = False
    while cur.take_sign(",", ";", "/", "+") or cur.take_any("и", "а также"):
        taken = True
    return taken


def read_numbered(cur: Cursor) -> list[Stretch] | None:
    """Numbers and the noun they count: days of a month, quarters, halves, terms, decades, weekdays."""
    mark = cur.place
    ranges = _read_numbers(cur)
    if ranges is None:
        return None
    for reader in (_days_of_month, _units, _parts_of_month, _nth_weekday_of_month, _days_of_figures):
        after = cur.place
        found = reader(cur, ranges)
        if found is not None:
            return found
        cur.place = after
    cur.place = mark
    return None


def _days_of_month(cur: Cursor, ranges: list[Range]) -> list[Stretch] | None:
    counted = cur.peek(-1)
    if counted.kind is TokenKind.WORD and counted.value not in DAY_ORDINALS:
        return None
    cur.take_any("числа", "число", "числ")
    name = cur.take_word(MONTHS)
    if name is None:
        return None
    cur.skip_stop()
    month = MONTHS[name]
    days = [Stretch(Edge(month, valid_day(a)), Edge(month, valid_day(b))) for a, b in ranges]
    if any(a > b for a, b in ranges):
        raise Unreadable("days run backwards")
    return with_year(cur, days)


def _days_of_figures(cur: Cursor, ranges: list[Range]) -> list[Stretch] | None:
    """«01-15.09.2023», «1,15,29.03.2024»: the last number was the day of a date in figures."""
    cur.place -= 1
    last = read_figures(cur)
    if last is None or last.last.day != ranges[-1][1]:
        return None
    edge = last.last
    if any(not 1 <= a <= b <= 31 for a, b in ranges):
        raise Unreadable("days run backwards")
    return [Stretch(Edge(edge.month, a, edge.year), Edge(edge.month, b, edge.year)) for a, b in ranges]


def _units(cur: Cursor, ranges: list[Range]) -> list[Stretch] | None:
    """Quarters, halves, terms and trimesters, of the calendar or of the school year."""
    word = cur.take_word(UNIT_NOUNS)
    unit = UNIT_NOUNS[word] if word else None
    if word is None and cur.take_word(MIDDLE_NOUN):
        if cur.peek().value in MONTHS:
            return None
        unit = Unit.HALF
    cur.skip_stop()
    match unit:
        case Unit.QUARTER:
            table = QUARTERS
        case Unit.TERM:
            table = TERMS
        case Unit.TRIMESTER:
            table = TRIMESTERS
        case Unit.HALF:
            table = _halves(cur, needs_year=word is None)
        case _:
            return None
    stretches = []
    for first, last in ranges:
        if first not in table or last not in table or first > last:
            raise Unreadable("no such part of the year")
        stretches.append(months_stretch((table[first][0], table[last][1])))
    return with_year(cur, stretches)


def _halves(cur: Cursor, *, needs_year: bool) -> dict[int, Range]:
    """Which halves are meant: a calendar year behind says the calendar's, otherwise the school year's."""
    if cur.take("календарн[а-я]+ год[а-я]*"):
        return CALENDAR_HALVES
    mark = cur.place
    academic = read_academic_year(cur)
    cur.place = mark
    if academic is None and cur.peek().kind is TokenKind.NUMBER:
        return CALENDAR_HALVES
    if needs_year and academic is None:
        school = take_school_year_words(cur)
        cur.place = mark
        if not school:
            raise Unreadable("half of which year?")
    return SCHOOL_HALVES


def _parts_of_month(cur: Cursor, ranges: list[Range]) -> list[Stretch] | None:
    """Decades and halves of a month: 1-10, 11-20, 21-end; 1-15, 16-end."""
    if cur.take_word(DECADE_NOUN):
        parts: dict[int, tuple[int, int | None]] = {1: (1, 10), 2: (11, 20), 3: (21, None)}
        last_part = 3
    elif cur.take_word(MIDDLE_NOUN):
        parts = {1: (1, 15), 2: (16, None)}
        last_part = 2
    else:
        return None
    months = _read_month_names(cur)
    if months is None:
        return None
    stretches = []
    for month in months:
        for first, last in ranges:
            a, b = (last_part if n == LAST else n for n in (first, last))
            if a not in parts or b not in parts or a > b:
                raise Unreadable("no such part of the month")
            stretches.append(Stretch(Edge(month, parts[a][0]), Edge(month, parts[b][1])))
    return with_year(cur, stretches)


def _nth_weekday_of_month(cur: Cursor, ranges: list[Range]) -> list[Stretch] | None:
    """«Последняя пятница октября 2023 г.»: a single day."""
    name = cur.take_word(WEEKDAYS)
    if name is None:
        return None
    months = _read_month_names(cur)
    if months is None:
        return None
    days = []
    for month in months:
        for first, last in ranges:
            if first != last or not (first == LAST or 1 <= first <= 5):
                raise Unreadable("no such weekday of the month")
            edge = Edge(month, nth_weekday=NthWeekday(first, WEEKDAYS[name]))
            days.append(Stretch(edge, edge))
    return with_year(cur, days)


def _read_month_names(cur: Cursor) -> list[int] | None:
    """«октября», «октября и апреля»: the months behind a part of a month."""
    months: list[int] = []
    while True:
        mark = cur.place
        if months and not take_list_sign(cur):
            break
        name = cur.take_word(MONTHS_GENITIVE if months else MONTHS)
        if name is None:
            cur.place = mark
            break
        cur.skip_stop()
        months.append(MONTHS[name])
    return months or None
