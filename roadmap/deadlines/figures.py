"""The grammar of years and of dates in figures.

Every function reads at the cursor and returns what it understood, or ``None`` with the cursor where it was.
"""

from __future__ import annotations

from roadmap.deadlines.phrases import Edge, Stretch
from roadmap.deadlines.schedule import Unreadable
from roadmap.deadlines.tokens import Cursor, TokenKind
from roadmap.deadlines.words import MONTHS, YEAR_NOUN

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


def months_stretch(months: tuple[int, int], year: int | None = None) -> Stretch:
    """The stretch from one month's beginning to another's end; the year is the last month's."""
    first, last = months
    first_year = None if year is None else year - (first > last)
    return Stretch(Edge(first, year=first_year), Edge(last, year=year))


def in_academic_year(stretch: Stretch, start_year: int) -> Stretch:
    """The stretch with the years its months have in the academic year that begins in ``start_year``."""
    last_year = start_year + (stretch.last.month < 9)
    first_year = last_year - (stretch.first.month > stretch.last.month)
    first, last = stretch.first, stretch.last
    return Stretch(
        Edge(first.month, first.day, first_year, first.nth_weekday),
        Edge(last.month, last.day, last_year, last.nth_weekday),
    )


def read_academic_year(cur: Cursor) -> int | None:
    """«2023/2024», «2023-24» with or without «уч. год» behind: the year it begins in."""
    mark = cur.place
    first, second = cur.peek(), cur.peek(2)
    if len(first.value) == len(second.value) == 2 and first.kind is second.kind is TokenKind.NUMBER:
        return _read_short_academic_year(cur)
    if first.kind is second.kind is TokenKind.NUMBER and len(first.value) == 4 and _is_year(first.number):
        cur.step()
        if cur.take_sign("/", "-"):
            cur.step()
            short = len(second.value) == 2 and second.number == (first.number + 1) % 100
            full = len(second.value) == 4 and second.number == first.number + 1
            # «10.10.2023-24.10.2023»: the 24 belongs to the next date.
            next_date = cur.peek().value in MONTHS or (
                cur.peek().value == "." and cur.peek(1).kind is TokenKind.NUMBER and short
            )
            if (short or full) and not next_date:
                return first.number
    cur.place = mark
    return None


def _read_short_academic_year(cur: Cursor) -> int | None:
    """«23/24 уч. год»: only with the words behind; without them these are days, or a day and a month."""
    mark = cur.place
    first = cur.step().number
    if cur.take_sign("/", "-") and cur.step().number == first + 1:
        after = cur.place
        if take_school_year_words(cur):
            cur.place = after
            return 2000 + first
    cur.place = mark
    return None


def take_school_year_words(cur: Cursor) -> bool:
    """«учебный год», «уч. г.»: take the words behind or instead of a year."""
    mark = cur.place
    if cur.take_any("учебн[а-я]+", "уч", "учеб"):
        cur.skip_stop()
        if cur.take_word(YEAR_NOUN):
            cur.skip_stop()
            return True
    cur.place = mark
    return False


def _is_year(number: int) -> bool:
    return EARLIEST_YEAR <= number <= LATEST_YEAR


def take_year_noun(cur: Cursor) -> bool:
    """Take «г.», «года», «гг.»."""
    if cur.take_word(YEAR_NOUN):
        cur.skip_stop()
        return True
    return False


def read_year(cur: Cursor) -> int | None:
    """A calendar year with or without «г.»."""
    token = cur.peek()
    if token.kind is not TokenKind.NUMBER or len(token.value) != 4:
        return None
    if not _is_year(token.number):
        raise Unreadable(f"no such year: {token.value}")
    cur.step()
    take_year_noun(cur)
    return token.number


def with_year(cur: Cursor, stretches: list[Stretch]) -> list[Stretch]:
    """Read the year behind days or months, if any, and give it to all of them."""
    mark = cur.place
    academic = read_academic_year(cur)
    slashed = cur.peek(-2).value == "/"
    # «декабрь 2023-2024» with nothing behind may lack its second month.
    if academic is not None and (take_school_year_words(cur) or take_year_noun(cur) or slashed):
        return [in_academic_year(stretch, academic) for stretch in stretches]
    cur.place = mark
    if cur.take_any("текущ[а-я]+", "этого", "данного") and take_school_year_words(cur):
        return stretches
    cur.place = mark
    if take_school_year_words(cur):
        return stretches
    year = read_year(cur)
    if year is None:
        return stretches
    return [
        Stretch(
            Edge(s.first.month, s.first.day, year - (s.first.month > s.last.month), s.first.nth_weekday),
            Edge(s.last.month, s.last.day, year, s.last.nth_weekday),
        )
        for s in stretches
    ]


def _day(month: int, day: int, year: int | None) -> Stretch:
    edge = Edge(_valid_month(month), valid_day(day), year)
    return Stretch(edge, edge)


def _valid_month(number: int) -> int:
    if not 1 <= number <= 12:
        raise Unreadable(f"no such month: {number}")
    return number


def valid_day(number: int) -> int:
    """The number as a day of some month; raises ``Unreadable`` for the 32nd."""
    if not 1 <= number <= 31:
        raise Unreadable(f"no such day: {number}")
    return number


def read_figures(cur: Cursor) -> Stretch | None:
    """«30.08. 2023 г.», «15.09 2023», «1.9.23», «25.05», «2023-09-01», «01/09/2023»."""
    mark = cur.place
    first, sign, second, other, third = (cur.peek(ahead) for ahead in range(5))
    number = TokenKind.NUMBER
    if first.kind is not number or second.kind is not number or first.is_ordinal or second.is_ordinal:
        return None
    full = third.kind is number and other.value == sign.value
    if sign.value in {"-", "/"} and full and len(third.value) == 4 and len(second.value) <= 2 >= len(first.value):
        cur.place += 4
        year = read_year(cur)
        return _day(second.number, first.number, year)
    if sign.value == "/" and full and len(first.value) <= 2 >= len(second.value) and len(third.value) == 2:
        cur.place += 5
        take_year_noun(cur)
        return _day(second.number, first.number, 2000 + third.number)
    if sign.value == "-" and full and len(first.value) == 4 and len(second.value) == 2 == len(third.value):
        cur.place += 5
        if _is_year(first.number):
            return _day(second.number, third.number, first.number)
    if sign.value == "." and len(first.value) <= 2 and len(second.value) <= 2:
        cur.place += 3
        return _day(second.number, first.number, _read_year_of_figures(cur))
    cur.place = mark
    return None


def _read_year_of_figures(cur: Cursor) -> int | None:
    """The year behind day and month in figures: four digits, or two glued on by a full stop («01.09.23»)."""
    mark = cur.place
    stop = cur.take_sign(".")
    token = cur.peek()
    if token.kind is TokenKind.NUMBER and len(token.value) == 4:
        return read_year(cur)
    if stop and token.value == "-" and cur.peek(1).kind is TokenKind.NUMBER:
        # «01.09.-15.09.2023»: the year stands behind the other date.
        return None
    if stop and token.kind is TokenKind.NUMBER and len(token.value) == 2 and cur.peek(1).value not in MONTHS:
        before = cur.peek(-1)
        if before.end == token.start and cur.peek(1).value != ".":
            cur.step()
            take_year_noun(cur)
            return 2000 + token.number
    cur.place = mark
    # «до 25.05.»: the stop ends the sentence.
    return None
