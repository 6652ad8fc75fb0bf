"""Russian words and typography: plural forms, dates, sizes, figures. Pure functions; no clock is read."""

import re
from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format

NBSP = "\u00a0"


def plural(count: int, one: str, few: str, many: str) -> str:
    """Return the form of a noun that goes with ``count``: 1 школа, 2 школы, 5 школ, 11 школ, 21 школа."""
    tail = abs(count) % 100
    if 11 <= tail <= 14:
        return many
    match tail % 10:
        case 1:
            return one
        case 2 | 3 | 4:
            return few
        case _:
            return many


def figure(value: int) -> str:
    """Return a whole number with its thousands set apart: «1 234» (a no-break space between them)."""
    return f"{value:,}".replace(",", NBSP)


def counted(count: int, one: str, few: str, many: str) -> str:
    """Return a number with its noun: «5 школ»; they never part at the end of a line."""
    return f"{figure(count)}{NBSP}{plural(count, one, few, many)}"


def days(count: int) -> str:
    """Return «1 день», «3 дня», «5 дней»."""
    return counted(count, "день", "дня", "дней")


def day(value: date) -> str:
    """Return the date in words: «20 октября 2023 г.»."""
    return date_format(value, f"j{NBSP}E{NBSP}Y{NBSP}г.")


def days_left(due: date, today: date) -> str:
    """Say how far an inclusive due date is: «просрочено на 3 дня», «сегодня», «завтра», «через 4 дня»."""
    distance = (due - today).days
    if distance < 0:
        return f"просрочено на{NBSP}{days(-distance)}"
    if distance == 0:
        return "сегодня"
    return "завтра" if distance == 1 else f"через{NBSP}{days(distance)}"


def file_size(size: int) -> str:
    """Return a size in bytes for people: «512 байт», «12 КБ», «1,4 МБ»."""
    if size < 1024:
        return counted(size, "байт", "байта", "байт")
    if round(size / 1024) < 1024:
        return f"{round(size / 1024)}{NBSP}КБ"
    return f"{size / (1024 * 1024):.1f}".removesuffix(".0").replace(".", ",") + f"{NBSP}МБ"


def percent(part: int, whole: int) -> str:
    """Return the share of ``part`` in ``whole``: «66,7 %», «50 %»; a dash when there is nothing to take a share of.

    Rounded to tenths as the reports are, but «100 %» is said only of what is complete.
    """
    if not whole:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    units, rest = divmod(min(tenths, 999) if part < whole else tenths, 10)
    return f"{units},{rest}{NBSP}%" if rest else f"{units}{NBSP}%"


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sort names as people do: «№ 9» before «№ 10», «Ё» beside «Е»; databases disagree on both."""
    parts = re.findall(r"\d+|\D+", name.casefold().replace("ё", "е"))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def by_name(choices: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Put choices, ids with names, in the one order of names (``natural_key``), whatever the database's is."""
    return sorted(choices, key=lambda choice: (natural_key(choice[1]), choice[0]))


_WORD = re.compile(r"[А-Яа-яЁё]{9,}")
# Where a long word may part: between vowel and syllable, between the consonants of two syllables, behind й, ь, ъ.
_BREAKS = re.compile(
    r"(?<=[йьъ])(?=[а-яё]{3})(?![йьъ])"
    r"|(?<=[аеёиоуыэюя])(?=[бвгджзклмнпрстфхцчшщ][аеёиоуыэюя])"
    r"|(?<=[аеёиоуыэюя][бвгджзклмнпрстфхцчшщ])(?=[бвгджзклмнпрстфхцчшщ]{1,2}[аеёиоуыэюя])",
    re.IGNORECASE,
)
SOFT_HYPHEN = "\u00ad"


def hyphenated(text: str) -> str:
    """Let long words part at syllables, where a line ends, with a hyphen; three letters at least stay together."""

    def part(found: re.Match[str]) -> str:
        word, pieces, start = found.group(), [], 0
        for place in (match.start() for match in _BREAKS.finditer(word)):
            if place - start >= 3 and len(word) - place >= 3:
                pieces.append(word[start:place])
                start = place
        return SOFT_HYPHEN.join([*pieces, word[start:]])

    return _WORD.sub(part, text)


def folded(text: str) -> str:
    """Return a text as searches compare it: in one case, «ё» as «е», spaces single."""
    return " ".join(text.casefold().replace("ё", "е").split())


def any_case_patterns(text: str) -> list[str]:
    """Return for each word of a search a regular expression that finds it in any case, «ё» as «е».

    Every database then finds Cyrillic alike, whatever it knows of letters.
    """
    return ["".join(_any_case(letter) for letter in word) for word in folded(text).split()]


def _any_case(letter: str) -> str:
    """Return an expression for one sign: «[еЕёЁ]», «[шШ]», «\\.»."""
    if letter == "е":
        return "[еЕёЁ]"
    return f"[{letter}{letter.upper()}]" if letter.isalpha() else re.escape(letter)
