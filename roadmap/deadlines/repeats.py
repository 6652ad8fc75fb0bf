"""The grammar of what comes again: «ежемесячно», «каждый четверг», «2 раза в год», «до 25 числа».

Every function reads at the cursor, adds what it understood to the phrase and says whether it did.
"""

from __future__ import annotations

from roadmap.deadlines.dates import read_limit
from roadmap.deadlines.figures import read_academic_year, take_school_year_words
from roadmap.deadlines.numbered import take_day_in_words, take_list_sign
from roadmap.deadlines.phrases import Frequency, MonthDays, NthWeekday, Phrase
from roadmap.deadlines.schedule import Unreadable
from roadmap.deadlines.tokens import Cursor, TokenKind
from roadmap.deadlines.words import (
    ADVERBS_OF_TIMES,
    ADVERBS_OF_UNIT,
    MONTHS,
    NUMERALS,
    ORDINALS,
    UNIT_NOUNS,
    UNITS_DATIVE_PLURAL,
    WEEKDAYS,
    WEEKDAYS_DATIVE_PLURAL,
    Unit,
)

_EACH = "кажд(ый|ая|ое|ую|ого|ой|ом|ые)"
_MOST_TIMES = 60


def read_repeat(cur: Cursor, phrase: Phrase) -> bool:
    """Read one word or run of words about repetition."""
    return any(
        reader(cur, phrase)
        for reader in (
            _read_adverb,
            _read_times,
            _read_month_days,
            _read_nth_weekday,
            _read_each,
            _read_by_weekdays,
            _read_by_units,
            _read_weekdays,
        )
    )


def _set_frequency(phrase: Phrase, frequency: Frequency) -> None:
    """Note how often; saying the same twice («ежемесячно, 25 числа каждого месяца») is no contradiction."""
    if frequency.unit is Unit.YEAR and frequency.times == frequency.every == 1:
        phrase.is_annual = True
        return
    known = phrase.frequency
    plain = Frequency(frequency.unit)
    if known is None or known == plain:
        phrase.frequency = frequency
    elif frequency not in (known, Frequency(known.unit)):
        raise Unreadable("two different frequencies")


def _read_adverb(cur: Cursor, phrase: Phrase) -> bool:
    """«ежемесячно», «ежегодно» …"""
    word = cur.take_word(ADVERBS_OF_UNIT)
    if word is None:
        return False
    _set_frequency(phrase, Frequency(ADVERBS_OF_UNIT[word]))
    return True


def _read_count(cur: Cursor) -> int | None:
    token = cur.peek()
    if token.kind is TokenKind.NUMBER and not token.is_ordinal and token.number:
        return cur.step().number
    word = cur.take_word(NUMERALS)
    return NUMERALS[word] if word else None


def _read_times(cur: Cursor, phrase: Phrase) -> bool:
    """«2 раза в год», «не реже одного раза в две недели», «раз в квартал», «дважды в месяц»."""
    mark = cur.place
    if cur.take_any("не реже", "не менее", "как минимум", "минимум"):
        cur.take_sign(",")
        cur.take("чем")
    cur.take("по")
    adverb = cur.take_word(ADVERBS_OF_TIMES)
    if adverb is not None:
        times = ADVERBS_OF_TIMES[adverb]
    else:
        times = _read_count(cur) or 1
        if not cur.take_any("раз(а|у|ов)?", "р"):
            cur.place = mark
            return False
        cur.skip_stop()
    if not cur.take_any("в течени[еи]", "на протяжении", "в", "за") and not cur.take_sign("/"):
        cur.place = mark
        return False
    each = cur.take(_EACH)
    every, unit = _read_unit(cur, phrase)
    if unit is None or not 1 <= times <= _MOST_TIMES or not 1 <= every <= _MOST_TIMES or (each and every > 1):
        cur.place = mark
        return False
    if unit is Unit.YEAR and every > 1:
        raise Unreadable("which of the years?")
    _set_frequency(phrase, Frequency(unit, times, every))
    return True


def _read_unit(cur: Cursor, phrase: Phrase) -> tuple[int, Unit | None]:
    """«год», «учебный год», «2023/2024 учебном году», «две недели»: how many of which unit."""
    academic = read_academic_year(cur)
    if academic is not None:
        if take_school_year_words(cur) or cur.take_word(UNIT_NOUNS):
            phrase.academic_year = academic
            return 1, Unit.YEAR
        return 1, None
    if take_school_year_words(cur):
        return 1, Unit.YEAR
    every = _read_count(cur)
    word = cur.take_word(UNIT_NOUNS)
    cur.skip_stop()
    # «1 раз в 1 полугодии» means the first one only, not each.
    if word is None or every == 1:
        return 1, None
    return every or 1, UNIT_NOUNS[word]


def _read_each(cur: Cursor, phrase: Phrase) -> bool:
    """«каждый месяц», «каждого полугодия», «каждый четверг», «каждые две недели»."""
    mark = cur.place
    cur.take_any("в", "во")
    if cur.take(_EACH):
        every = _read_count(cur) or 1
        if every > _MOST_TIMES:
            raise Unreadable("each so many years?")
        if take_school_year_words(cur):
            phrase.is_annual = True
            return every == 1
        word = cur.take_word(UNIT_NOUNS)
        if word is not None:
            if UNIT_NOUNS[word] is Unit.YEAR and every > 1:
                raise Unreadable("which of the years?")
            _set_frequency(phrase, Frequency(UNIT_NOUNS[word], every=every))
            return True
        if every == 1 and cur.peek().value in WEEKDAYS:
            _set_frequency(phrase, Frequency(Unit.WEEK))
            return _take_weekday_list(cur, phrase)
    cur.place = mark
    return False


def _take_weekday_list(cur: Cursor, phrase: Phrase) -> bool:
    taken = False
    while True:
        mark = cur.place
        if taken and not take_list_sign(cur):
            return True
        cur.take_any("в", "во", "по", _EACH)
        word = cur.take_word(WEEKDAYS)
        if word is None:
            cur.place = mark
            return taken
        cur.skip_stop()
        phrase.weekdays.add(WEEKDAYS[word])
        taken = True


def _read_by_weekdays(cur: Cursor, phrase: Phrase) -> bool:
    """«по четвергам», «по вторникам и пятницам»."""
    mark = cur.place
    if cur.take("по") and cur.peek().value in WEEKDAYS_DATIVE_PLURAL:
        _set_frequency(phrase, Frequency(Unit.WEEK))
        return _take_weekday_list(cur, phrase)
    cur.place = mark
    return False


def _read_by_units(cur: Cursor, phrase: Phrase) -> bool:
    """«по четвертям», «по полугодиям»."""
    mark = cur.place
    word = cur.take_word(UNITS_DATIVE_PLURAL) if cur.take("по") else None
    if word is None:
        cur.place = mark
        return False
    _set_frequency(phrase, Frequency(UNITS_DATIVE_PLURAL[word]))
    return True


def _read_weekdays(cur: Cursor, phrase: Phrase) -> bool:
    """«четверг» beside «еженедельно», «до пятницы»; alone it says no date and the calendar refuses it."""
    mark = cur.place
    read_limit(cur)
    cur.take_any("в", "во")
    if cur.peek().value in WEEKDAYS:
        return _take_weekday_list(cur, phrase)
    cur.place = mark
    return False


def _read_nth_weekday(cur: Cursor, phrase: Phrase) -> bool:
    """«последняя пятница месяца», «каждый второй вторник», «2-й и 4-й четверг каждого месяца»."""
    mark = cur.place
    cur.take_any("в", "во")
    each = cur.take(_EACH)
    numbers: list[int] = []
    while True:
        token = cur.peek()
        number = ORDINALS.get(token.value, token.number if token.is_ordinal else 0)
        if not number:
            break
        numbers.append(number)
        cur.step()
        take_list_sign(cur)
    word = cur.take_word(WEEKDAYS) if numbers else None
    if word is None or cur.peek().value in MONTHS:
        cur.place = mark
        return False
    if any(not (number == -1 or 1 <= number <= 5) for number in numbers):
        raise Unreadable("no such weekday of the month")
    of_month = _take_of_month(cur)
    if each and not of_month and 2 in numbers:
        raise Unreadable("the second of each month, or every other one?")
    if each or of_month:
        _set_frequency(phrase, Frequency(Unit.MONTH))
    phrase.nth_weekdays += [NthWeekday(number, WEEKDAYS[word]) for number in numbers]
    return True


def _take_of_month(cur: Cursor) -> bool:
    return cur.take_any(f"{_EACH} месяца", "текущего месяца", "отчетного месяца", "месяца")


def _read_month_days(cur: Cursor, phrase: Phrase) -> bool:
    """«до 25 числа», «10 и 25 числа каждого месяца», «не позднее последнего дня месяца»."""
    mark = cur.place
    limit = read_limit(cur)
    if limit is None:
        cur.take_any("в", "во")
    to_the_end = limit is not None and cur.peek(-1).value in {"конца", "концу"}
    each = cur.take(_EACH)
    days = [31] if to_the_end and cur.peek().value == "месяца" else _read_days(cur)
    if days is None:
        cur.place = mark
        return False
    if phrase.month_days is not None or any(not 1 <= day <= 31 for day in days):
        raise Unreadable("no such day of the month")
    next_month = _take_next_month(cur)
    if next_month and cur.take("квартал(ом|а)"):
        _set_frequency(phrase, Frequency(Unit.QUARTER))
    last_month = cur.take_any("последнего месяца квартала", f"последнего месяца {_EACH} квартала")
    if last_month:
        _set_frequency(phrase, Frequency(Unit.QUARTER))
    of_month = _take_of_month(cur) or each or next_month
    phrase.month_days = MonthDays(tuple(days), next_month, last_month, of_month)
    return True


def _read_days(cur: Cursor) -> list[int] | None:
    """The numbers before «числа»; «последний день» is day 31, shorter months ending earlier."""
    if cur.take("последн[а-я]+ (день|дня|дню|число|числа|числу)"):
        return [31]
    days: list[int] = []
    while (token := cur.peek()).kind is TokenKind.NUMBER and len(token.value) <= 2:
        days.append(cur.step().number)
        take_list_sign(cur)
    in_words = take_day_in_words(cur) if not days else None
    if in_words is not None:
        days.append(in_words)
    return days if days and cur.take("числ(о|а|у|ам)") and cur.peek().value not in MONTHS else None


def _take_next_month(cur: Cursor) -> bool:
    """«месяца, следующего за отчётным (месяцем)», «следующего месяца»."""
    if cur.take_any("следующего за отчетн[а-я]+ месяца", "следующего месяца"):
        return True
    mark = cur.place
    if cur.take_any(f"{_EACH} месяца", "месяца"):
        cur.take_sign(",")
        if cur.take_any("следующего за отчетн[а-я]+", "следующего за истекш[а-я]+"):
            cur.take_any("месяцем", "периодом")
            return True
    cur.place = mark
    return False
