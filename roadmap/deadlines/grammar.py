"""The grammar of a whole deadline: dates, repetition, «в течение года», plans and remarks in any order."""

from __future__ import annotations

from collections.abc import Callable

from roadmap.deadlines.dates import read_dates, read_span, take_inclusive
from roadmap.deadlines.figures import read_academic_year, take_school_year_words
from roadmap.deadlines.phrases import Dated, Limit, Phrase
from roadmap.deadlines.plans import read_plan, read_remark, read_stage
from roadmap.deadlines.repeats import read_repeat
from roadmap.deadlines.schedule import Unreadable
from roadmap.deadlines.tokens import Cursor, Token, TokenKind, tokenize
from roadmap.deadlines.words import YEAR_NOUN

_DEEPEST = 3
_HOURS, _MINUTES, _MONTHS = 24, 60, 12
_CONSTANTLY = (
    "постоянно",
    "на постоянной основе",
    "в постоянном режиме",
    "регулярно",
    "на регулярной основе",
    "систематически",
    "непрерывно",
    "круглогодично",
    "круглый год",
)
#: «сентябрь/», «октябрь и»: a list that goes on somewhere else.
_ASKING_FOR_MORE = frozenset(("/", "+", "и", "а", "также", "затем"))
_TYING = frozenset(("по", "в", "во", "за", "период"))
_LIMITING = frozenset(("до", "к"))
_PARTING = frozenset((",", ";", "/", "+", ".", ":", "-", "(", "и", "также", "затем"))
_THROUGHOUT = ("в теч(ени[еи])?", "на протяжении", "весь", "в", "за", "на")


def read_phrase(text: str) -> Phrase:
    """Read a deadline; raises ``Unreadable`` when any word of it is not understood."""
    phrase = Phrase()
    _read_into(phrase, Cursor(text, tokenize(text)), depth=0)
    return phrase


def _read_into(phrase: Phrase, cur: Cursor, depth: int) -> None:
    _take_heading(cur)
    while True:
        separated = _take_separators(cur, phrase)
        if cur.at_end:
            if cur.peek(-1).value in _ASKING_FOR_MORE:
                raise Unreadable("the rest is cut off")
            return
        if not separated and _would_run_together(phrase, cur):
            raise Unreadable("two dates with nothing between them")
        if not (_read_brackets(cur, phrase, depth) or _read_clause(cur, phrase)):
            raise Unreadable(f"unknown words: {cur.slice(cur.place, len(cur.tokens))}")


def _take_heading(cur: Cursor) -> None:
    """«Срок исполнения: …» says nothing by itself."""
    mark = cur.place
    if cur.take_any("сроки?", "дат[аы]"):
        cur.take_any("исполнения", "проведения", "выполнения", "реализации")
        if cur.take_sign(":", "-") or cur.peek().value in {"по", "согласно"}:
            return
    cur.place = mark


def _take_separators(cur: Cursor, phrase: Phrase) -> bool:
    """Pass over what stands between clauses; at the very beginning nothing needs to."""
    taken = cur.place == 0
    if (phrase.frequency is not None or phrase.is_annual) and cur.take_sign(":", "-"):
        # «2 раза в год: октябрь, апрель»
        if cur.at_end:
            raise Unreadable("nothing behind the colon")
        taken = True
    while cur.take_sign(",", ";", ".", "/", "+") or cur.take_any("и", "а также", "а", "соответственно", "затем"):
        taken = True
    return taken


def _would_run_together(phrase: Phrase, cur: Cursor) -> bool:
    """«сентябрь октябрь»: a list or a span that lost its dash? A year or a preposition parts two dates well."""
    if not phrase.dated:
        return False
    before, here = cur.peek(-1), cur.peek()
    if before.value == ".":
        before = cur.peek(-2)
    closed = (
        before.value in YEAR_NOUN or before.value in {")", "-", ":"} or (len(before.value) == 4 and before.number > 0)
    )
    opens = here.kind is TokenKind.TIME or (
        here.kind is TokenKind.WORD and not here.number and not _bare_date_starts(cur)
    )
    return not closed and not opens and here.value not in {"(", "-"}


def _bare_date_starts(cur: Cursor) -> bool:
    """Whether a date with no preposition starts here, without moving."""
    mark = cur.place
    found = read_span(cur) is not None
    cur.place = mark
    return found


def _read_clause(cur: Cursor, phrase: Phrase) -> bool:
    """One clause of any kind."""
    return any(reader(cur, phrase) for reader in _CLAUSES)


def _read_year_round(cur: Cursor, phrase: Phrase) -> bool:
    """«в течение года», «постоянно», «период учебного года», «2023/2024 уч. год»."""
    if cur.take_any(*_CONSTANTLY):
        phrase.is_year_round = True
        return True
    if cur.take("ежедневно"):
        phrase.is_year_round = True
        phrase.notes.append(cur.slice(cur.place - 1, cur.place))
        return True
    mark = cur.place
    throughout = cur.take_any(*_THROUGHOUT)
    long = throughout and cur.peek(-1).value not in {"в", "за", "на"}
    cur.skip_stop()
    whole = cur.take_any("всего", "целого") or (throughout and cur.peek(-1).value == "весь")
    period = cur.take_any("периода?", "периоде")
    year = read_academic_year(cur)
    slashed = year is not None and any(token.value == "/" for token in cur.tokens[mark : cur.place])
    if take_school_year_words(cur):
        understood = True
    elif year is not None:
        # «2023-2024 гг.» may be two calendar years; the slash is the school's way of writing one.
        understood = slashed
        cur.take_word(YEAR_NOUN)
        cur.skip_stop()
    else:
        understood = (long or period) and (cur.take("года?") or (whole and period))
    if not understood:
        cur.place = mark
        return False
    if year is not None and phrase.academic_year not in (None, year):
        raise Unreadable("two academic years")
    phrase.is_year_round = True
    phrase.academic_year = year if year is not None else phrase.academic_year
    return True


def _read_running_on(cur: Cursor, phrase: Phrase) -> bool:
    """«август 2023 г., далее в течение года»; «с 1 сентября постоянно»."""
    mark = cur.place
    if phrase.dated and cur.take_any("и далее", "далее", "затем", "и"):
        cur.take_sign(",", "-")
        if _read_year_round(cur, phrase):
            phrase.runs_on = True
            return True
    cur.place = mark
    if not phrase.dated and cur.take_any("начиная с", "с", "со"):
        spans = read_span(cur)
        if spans is not None and len(spans) == 1:
            cur.take_sign(",")
            cur.take_any("и далее", "далее")
            if _read_year_round(cur, phrase):
                phrase.dated.append(Dated(spans[0]))
                phrase.runs_on = True
                return True
    cur.place = mark
    return False


def _is_tied(cur: Cursor, before: Dated) -> bool:
    """Whether a preposition ties the next date to the one before: then they are not two dates of a list."""
    ties = cur.peek().value in _TYING or (before.limit is Limit.NONE and cur.peek().value in _LIMITING)
    return ties and cur.peek(-1).value not in _PARTING


def _read_dates(cur: Cursor, phrase: Phrase) -> bool:
    # «май по октябрь», «полугодие в декабре», «сентябрь до мая».
    tied = bool(phrase.dated) and _is_tied(cur, phrase.dated[-1])
    dated = None if tied else read_dates(cur)
    if dated is None:
        return False
    take_inclusive(cur)
    phrase.dated += dated
    return True


def _read_time(cur: Cursor, phrase: Phrase) -> bool:
    """«в 10:00»: an hour is worth noting and moves no date."""
    mark = cur.place
    cur.take_any("в", "к", "с", "до")
    if phrase.dated and _take_clock(cur):
        if cur.take_sign("-") or cur.take("до"):
            _take_clock(cur)
        if cur.take_any("ч", "час(а|ов)?", "мск"):
            cur.skip_stop()
        phrase.notes.append(cur.slice(mark, cur.place))
        return True
    cur.place = mark
    return False


def _take_clock(cur: Cursor) -> bool:
    """«10:00», «10.00», «10 часов»; «10.11» may be a date and is none."""
    hour, sign, minutes, after = (cur.peek(ahead) for ahead in range(4))
    if hour.kind is TokenKind.TIME:
        cur.step()
        return True
    if hour.kind is not TokenKind.NUMBER or len(hour.value) > 2 or hour.number >= _HOURS:
        return False
    if sign.value.startswith("час"):
        cur.step()
        return True
    is_minutes = minutes.kind is TokenKind.NUMBER and len(minutes.value) == 2 and not 0 < minutes.number <= _MONTHS
    goes_on = after.value == "." and cur.peek(4).kind is TokenKind.NUMBER
    if sign.value != "." or not is_minutes or minutes.number >= _MINUTES or goes_on:
        return False
    cur.place += 3
    return True


def _read_timed_limit(cur: Cursor, phrase: Phrase) -> bool:
    """«до 15:00 25.10.2023»: the hour goes to the note, the day is the limit."""
    mark = cur.place
    if cur.take_any("до", "к", "не позднее") and _take_clock(cur):
        if cur.take_any("ч", "час(а|ов)?", "мск"):
            cur.skip_stop()
        note = cur.slice(mark, cur.place)
        spans = read_span(cur)
        if spans is not None and len(spans) == 1 and spans[0].is_day:
            phrase.dated.append(Dated(spans[0], Limit.BEFORE))
            phrase.notes.append(note)
            return True
    cur.place = mark
    return False


def _read_since(cur: Cursor, phrase: Phrase) -> bool:
    """«ежемесячно с октября», «с 1 октября еженедельно»: from when on something comes again."""
    mark = cur.place
    if phrase.since is None and cur.take_any("начиная с", "с", "со"):
        spans = read_span(cur)
        if spans is not None and len(spans) == 1 and spans[0].first.month == spans[0].last.month:
            cur.take_sign(",")
            repeats = phrase.frequency is not None or read_repeat(cur, phrase)
            if repeats and phrase.frequency is not None and cur.peek().value not in {"по", "до"}:
                phrase.since = spans[0]
                return True
    cur.place = mark
    return False


def _clause_starts(cur: Cursor) -> bool:
    """Whether a clause that binds to time starts here, without moving."""
    mark = cur.place
    found = any(reader(cur, Phrase()) for reader in _BINDING)
    cur.place = mark
    return found


def _read_plan(cur: Cursor, phrase: Phrase) -> bool:
    note = read_plan(cur, _clause_starts)
    if note is None:
        return False
    phrase.has_plan = True
    if note:
        phrase.notes.append(note)
    cur.take_sign(":", "-")
    return True


def _read_stage(cur: Cursor, phrase: Phrase) -> bool:
    """«I этап – октябрь»: the stage's name goes to the note."""
    note = read_stage(cur)
    if note is None:
        return False
    phrase.notes.append(note)
    return True


def _read_remark(cur: Cursor, phrase: Phrase) -> bool:
    """«23 марта 2021 г. – предзащита проектов»: what happens on the day just named."""
    mark = cur.place
    if phrase.dated and phrase.dated[-1].stretch.is_day and cur.take_sign("-"):
        note = read_remark(cur, _clause_starts)
        if note is not None:
            phrase.notes.append(note)
            return True
    cur.place = mark
    return False


_Reader = Callable[[Cursor, Phrase], bool]
_BINDING: tuple[_Reader, ...] = (
    _read_timed_limit,
    read_repeat,
    _read_running_on,
    _read_year_round,
    _read_since,
    _read_dates,
)
_CLAUSES: tuple[_Reader, ...] = (_read_stage, _read_time, *_BINDING, _read_plan, _read_remark)


def _read_brackets(cur: Cursor, phrase: Phrase, depth: int) -> bool:
    """Words in brackets: a clause like any other, or a remark that says nothing of time."""
    if not cur.take_sign("("):
        return False
    inner = _take_inside(cur)
    if depth >= _DEEPEST or not inner:
        raise Unreadable("brackets that say nothing")
    inside = Cursor(cur.text, inner)
    reading = Phrase(dated=[], frequency=phrase.frequency, academic_year=phrase.academic_year)
    reading.month_days = phrase.month_days
    try:
        _read_into(reading, inside, depth + 1)
    except Unreadable:
        inside = Cursor(cur.text, inner)
        note = read_remark(inside, _clause_starts)
        if note is None or not inside.at_end:
            raise
        phrase.notes.append(note)
        return True
    if phrase.dated and reading.dated:
        raise Unreadable("a date beside another in brackets: which one binds?")
    _merge(phrase, reading)
    return True


def _take_inside(cur: Cursor) -> list[Token]:
    """The tokens up to the closing bracket that matches."""
    first = cur.place
    open_brackets = 1
    while not cur.at_end:
        token = cur.step()
        open_brackets += {"(": 1, ")": -1}.get(token.value, 0)
        if open_brackets == 0:
            return cur.tokens[first : cur.place - 1]
    raise Unreadable("the bracket is never closed")


def _merge(phrase: Phrase, reading: Phrase) -> None:
    phrase.dated += reading.dated
    phrase.frequency = reading.frequency
    phrase.is_annual |= reading.is_annual
    phrase.weekdays |= reading.weekdays
    phrase.nth_weekdays += reading.nth_weekdays
    phrase.month_days = reading.month_days
    phrase.since = phrase.since or reading.since
    phrase.is_year_round |= reading.is_year_round
    phrase.academic_year = reading.academic_year
    phrase.runs_on |= reading.runs_on
    phrase.has_plan |= reading.has_plan
    phrase.notes += reading.notes
