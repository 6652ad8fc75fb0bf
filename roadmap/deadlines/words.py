"""The vocabulary of Russian deadlines: months, weekdays, ordinals, numerals, units of time.

Words are looked up in the form the tokenizer gives them: lower case, «ё» as «е».
"""

from __future__ import annotations

import difflib
import enum
import re


class Unit(enum.Enum):
    """A stretch of time that repeats."""

    WEEK = "неделя"
    MONTH = "месяц"
    QUARTER = "квартал"
    TERM = "четверть"
    TRIMESTER = "триместр"
    HALF = "полугодие"
    YEAR = "год"


def _forms(stem: str, endings: str) -> tuple[str, ...]:
    """``_forms("март", "- а у")`` gives март, марта, марту."""
    return tuple(stem + ending.replace("-", "") for ending in endings.split())


_HARD = "- а у ом е"
_SOFT = "ь я ю ем е"

_MONTH_FORMS: tuple[tuple[str, ...], ...] = (
    (*_forms("январ", _SOFT), "янв"),
    (*_forms("феврал", _SOFT), "фев", "февр"),
    (*_forms("март", _HARD), "мар"),
    (*_forms("апрел", _SOFT), "апр"),
    _forms("ма", "й я ю ем е"),
    (*_forms("июн", _SOFT),),
    (*_forms("июл", _SOFT),),
    (*_forms("август", _HARD), "авг"),
    (*_forms("сентябр", _SOFT), "сен", "сент"),
    (*_forms("октябр", _SOFT), "окт"),
    (*_forms("ноябр", _SOFT), "ноя", "нояб"),
    (*_forms("декабр", _SOFT), "дек"),
)
MONTHS: dict[str, int] = {form: number for number, forms in enumerate(_MONTH_FORMS, start=1) for form in forms}
#: «марта», «сентября»: the case that goes on with the «до» of the date before it.
MONTHS_GENITIVE = frozenset(form for form in MONTHS if form.endswith(("я", "а")))

_WEEKDAY_FORMS: tuple[tuple[str, ...], ...] = (
    (*_forms("понедельник", "- а у ом е и ов ам"), "пн"),
    (*_forms("вторник", "- а у ом е и ов ам"), "вт"),
    (*_forms("сред", "а ы у е ой ам"), "ср"),
    (*_forms("четверг", "- а у ом е и ов ам"), "чт"),
    (*_forms("пятниц", "а ы у е ей ам"), "пт"),
    (*_forms("суббот", "а ы у е ой ам"), "сб"),
    (*_forms("воскресень", "е я ю ем и ям"), "вс"),
)
#: Monday is 0, as in ``date.weekday()``.
WEEKDAYS: dict[str, int] = {form: number for number, forms in enumerate(_WEEKDAY_FORMS) for form in forms}
#: «по четвергам»: only this form says "each week" by itself.
WEEKDAYS_DATIVE_PLURAL = frozenset(form for form in WEEKDAYS if form.endswith(("ам", "ям")))

_ADJECTIVE = "ый ая ое ую ого ой ом ым ому ые ых"
LAST = -1
ORDINALS: dict[str, int] = {
    **dict.fromkeys(_forms("перв", _ADJECTIVE), 1),
    **dict.fromkeys(_forms("втор", _ADJECTIVE), 2),
    **dict.fromkeys(_forms("трет", "ий ья ье ью ьего ьей ьем ьему ьи ьих"), 3),
    **dict.fromkeys(_forms("четверт", "ый ая ое ую ого ой ом ым ому ые ых"), 4),
    **dict.fromkeys(_forms("последн", "ий яя ее юю его ей ем ему"), LAST),
}
_TEENS = "одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат".split()
_DAY_STEMS = {"перв": 1, "втор": 2, "четверт": 4, "пят": 5, "шест": 6, "седьм": 7, "восьм": 8, "девят": 9, "десят": 10}
_DAY_STEMS |= {stem: number for number, stem in enumerate(_TEENS, start=11)} | {"двадцат": 20, "тридцат": 30}
#: «пятое», «пятого», «пятому»: days of a month spelt out; «двадцать пятого» is put together by the grammar.
DAY_ORDINALS: dict[str, int] = {form: day for stem, day in _DAY_STEMS.items() for form in _forms(stem, "ое ого ому")}
DAY_ORDINALS |= dict.fromkeys(("третье", "третьего", "третьему"), 3)
TENS: dict[str, int] = {"двадцать": 20, "тридцать": 30}

ROMANS: dict[str, int] = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}

NUMERALS: dict[str, int] = {
    **dict.fromkeys(("один", "одного", "одному", "одну", "одна", "одно"), 1),
    **dict.fromkeys(("два", "две", "двух", "двум"), 2),
    **dict.fromkeys(("три", "трех", "трем"), 3),
    **dict.fromkeys(("четыре", "четырех", "четырем"), 4),
    **dict.fromkeys(("пять", "пяти"), 5),
    **dict.fromkeys(("шесть", "шести"), 6),
    **dict.fromkeys(("семь", "семи"), 7),
    **dict.fromkeys(("восемь", "восьми"), 8),
    **dict.fromkeys(("девять", "девяти"), 9),
    **dict.fromkeys(("десять", "десяти"), 10),
}
#: «дважды в год» says the number and «раз» in one word.
ADVERBS_OF_TIMES: dict[str, int] = {"единожды": 1, "однократно": 1, "дважды": 2, "трижды": 3}

YEAR_NOUN = frozenset(("год", "года", "году", "годом", "г", "гг", "годы", "годов", "годах"))
UNIT_NOUNS: dict[str, Unit] = {
    **dict.fromkeys(_forms("недел", "я и ю е ей ь"), Unit.WEEK),
    **dict.fromkeys(_forms("месяц", "- а у ем е ы ев"), Unit.MONTH),
    "мес": Unit.MONTH,
    **dict.fromkeys(_forms("квартал", "- а у ом е ы ов ах"), Unit.QUARTER),
    "кв": Unit.QUARTER,
    **dict.fromkeys(_forms("четверт", "ь и ью ей ях"), Unit.TERM),
    **dict.fromkeys(_forms("триместр", "- а у ом е ы ов ах"), Unit.TRIMESTER),
    **dict.fromkeys(_forms("полугоди", "е я ю ем и й ях"), Unit.HALF),
    **dict.fromkeys(("год", "года", "году", "г"), Unit.YEAR),
}
#: «по четвертям»: one for each.
UNITS_DATIVE_PLURAL: dict[str, Unit] = {
    "неделям": Unit.WEEK,
    "месяцам": Unit.MONTH,
    "кварталам": Unit.QUARTER,
    "четвертям": Unit.TERM,
    "триместрам": Unit.TRIMESTER,
    "полугодиям": Unit.HALF,
}
ADVERBS_OF_UNIT: dict[str, Unit] = {
    "еженедельно": Unit.WEEK,
    "понедельно": Unit.WEEK,
    "ежемесячно": Unit.MONTH,
    "помесячно": Unit.MONTH,
    "ежеквартально": Unit.QUARTER,
    "поквартально": Unit.QUARTER,
    "ежегодно": Unit.YEAR,
}
DECADE_NOUN = frozenset(_forms("декад", "а ы у е ой ах"))
MIDDLE_NOUN = frozenset(_forms("половин", "а ы у е ой"))

#: Words that turn a date round or make it doubtful: behind them no reading is safe.
TURNING_WORDS = frozenset(
    "не ни кроме исключая исключением ранее раньше после позднее позже или либо примерно около "
    "ориентировочно предварительно перенесено перенесен перенос отменено отменен отмена продлено "
    "продлен продление спустя через завтра вчера сегодня до к с со по".split()
)
#: Words about time that we do not turn into dates: never a harmless remark.
_TIME_WORDS = (
    "год года году месяц месяца неделя недели неделю день дня дней дни сутки суток час часа часов "
    "квартал квартала полугодие полугодия четверть четверти триместр декада декады каникулы каникул "
    "зима зимой весна весной лето летом осень осенью начало начала начале конец конца конце "
    "середина середине число числа рабочих календарных ежемесячно еженедельно ежеквартально "
    "ежегодно ежедневно постоянно далее затем"
).split()
_KNOWN_TIME = frozenset((*_TIME_WORDS, *MONTHS, *WEEKDAYS, *UNIT_NOUNS, *ADVERBS_OF_UNIT))
_TYPO_TARGETS = [word for word in _KNOWN_TIME if len(word) >= 4]


#: Words run together when a table is pasted: each group is a word. Only pairs that make no other Russian word.
GLUED = re.compile(
    rf"""
    (в)(течени[еи])(года|учебного|месяца)?
  | (не)(позднее|позже)
  | (до|с|со|к|ко|по)({"|".join(form for form in MONTHS if len(form) > 3 or form.startswith("ма"))})
  | ({"|".join(ADVERBS_OF_UNIT)})(до|по|с)
  | ([ivxіх]{{1,4}})(квартал[а-я]*|полугоди[а-я]*|четверт[а-я]*|декад[а-я]*)
  | (по)(отдельному|согласованию|плану|графику)(плану|графику)?
  | (отдельному)(плану|графику)
  | (учебн(?:ый|ого))(года?)
    """,
    re.VERBOSE,
)


def is_about_time(word: str) -> bool:
    """Whether the word speaks of time, even mistyped («окябрь»), or turns a date round («кроме»).

    Such a word may not be swallowed by a note: it would change the dates if it were understood.
    """
    if word in TURNING_WORDS or word in _KNOWN_TIME:
        return True
    # Four fifths alike catches a slip of the finger in a month's name.
    return len(word) >= 4 and bool(difflib.get_close_matches(word, _TYPO_TARGETS, 1, 0.8))
