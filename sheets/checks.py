"""Checking single values of a table: taxpayer numbers, mail, phones, levels, yes and no.

Each `parse_…` returns the value in its one normal form or raises `CheckError` with a Russian message; an
empty cell is the caller's business (is the field required?) and is refused here like any other wrong value.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from sheets.lookalikes import mixed_words, to_cyrillic, to_latin, unmixed
from sheets.text import clean_text

LEVEL_WORDS: Mapping[str, int] = MappingProxyType({"базовый": 40, "основной": 60, "продвинутый": 80})
"""The three levels of the career-guidance minimum by their names, in hours a year."""

_ZERO = ord("0")
_NINE_ZEROS = _ZERO * (2 + 4 + 10 + 3 + 5 + 9 + 4 + 6 + 8)
_INN_WEIGHTS_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_WEIGHTS_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_DIGITS = re.compile(r"[0-9]+")
_INN_SIGNS = re.compile(r"[\s'\-–—]+")
# «1,6E+09»: also with the Cyrillic letter, which some programs write.
_SHORTENED_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]*)?[EeЕе]\+?[0-9]{1,3}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?|[А-Яа-яЁё0-9](?:[А-Яа-яЁё0-9-]{0,61}[А-Яа-яЁё0-9])?)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{2,59}}|[А-Яа-яЁё]{{2,63}})")
# What most cells of a list hold, in its normal form already, is seen at once.
_PLAIN_ADDRESS = re.compile(r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PLAIN_PHONE = re.compile(r"\+7 \([0-9]{3}\) [0-9]{3}-[0-9]{2}-[0-9]{2}")
_EXTENSION = re.compile(r"(?:,|;)?\s*(?:доб(?:авочный)?|ext)\.?\s*(?:№\s*)?([0-9]{1,6})\s*$", re.IGNORECASE)
_PHONE_SIGNS = re.compile(r"[0-9+()\s.\-–—]+")
_YES = frozenset({"да", "д", "yes", "y", "true", "истина", "1", "+", "участвует"})
_NO = frozenset({"нет", "н", "no", "n", "false", "ложь", "0", "-", "–", "—", "не участвует"})


class CheckError(ValueError):
    """A value that breaks its rule. `str()` is the Russian message; `proposal` a repaired value, if one is sure."""

    def __init__(self, message: str, *, proposal: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.proposal = proposal


def inn_is_valid(inn: str) -> bool:
    """Whether 10 or 12 digits carry the check digits of a taxpayer number (order of the FNS ММВ-7-6/435@)."""
    if not _DIGITS.fullmatch(inn) or not inn.strip("0"):
        return False
    if len(inn) == 10:
        return _ends_rightly(inn)
    digits = [int(digit) for digit in inn]
    return (
        len(inn) == 12
        and _check_digit(digits, _INN_WEIGHTS_11) == digits[10]
        and _check_digit(digits, _INN_WEIGHTS_12) == digits[11]
    )


def _ends_rightly(inn: str) -> bool:
    """Whether ten digits end in their check digit; written out, since every row of every list is asked."""
    a, b, c, d, e, f, g, h, i, last = inn.encode()
    total = 2 * a + 4 * b + 10 * c + 3 * d + 5 * e + 9 * f + 4 * g + 6 * h + 8 * i - _NINE_ZEROS
    return total % 11 % 10 == last - _ZERO


def _check_digit(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10


def restored_inn(text: str) -> str | None:
    """The number with the leading zero a spreadsheet has eaten, if 9 or 11 digits plus a zero pass the check."""
    digits = _INN_SIGNS.sub("", text)
    if len(digits) not in (9, 11):
        return None
    restored = "0" + digits
    return restored if inn_is_valid(restored) else None


def parse_inn(text: str, *, lengths: tuple[int, ...] = (10,)) -> str:
    """A taxpayer number as digits; organizations have 10 of them, people 12 (`lengths`)."""
    if len(text) == 10 and 10 in lengths and inn_is_valid(text):
        return text
    digits = _INN_SIGNS.sub("", clean_text(text))
    wanted = " или ".join(str(length) for length in lengths)
    if not digits:
        raise CheckError("ИНН не указан.")
    if _SHORTENED_NUMBER.fullmatch(clean_text(text)):
        raise CheckError(_shortened_number("ИНН", _shown(text)))
    if not _DIGITS.fullmatch(digits):
        raise CheckError(f"ИНН «{_shown(text)}» содержит не только цифры: укажите {wanted} цифр.")
    if len(digits) not in lengths:
        restored = restored_inn(digits)
        if restored is not None and len(restored) in lengths:
            raise CheckError(
                f"ИНН «{digits}» потерял ноль в начале: вероятно, {restored}. "
                "Задайте столбцу формат «Текстовый» и впишите номер с нулём.",
                proposal=restored,
            )
        raise CheckError(f"В ИНН «{_shown(digits)}» {len(digits)} зн., а должно быть {wanted} цифр.")
    if not inn_is_valid(digits):
        if digits.endswith("00000"):
            raise CheckError(_shortened_number("ИНН", digits))
        raise CheckError(f"ИНН «{digits}» записан с ошибкой: контрольная цифра не сходится. Сверьте с документами.")
    return digits


def ogrn_is_valid(ogrn: str) -> bool:
    """Whether 13 digits end in the check digit of a state registration number of an organization."""
    return len(ogrn) == 13 and bool(_DIGITS.fullmatch(ogrn)) and int(ogrn[:-1]) % 11 % 10 == int(ogrn[-1])


def parse_ogrn(text: str) -> str:
    """The state registration number of an organization: 13 digits that begin with 1 or 5."""
    digits = _INN_SIGNS.sub("", clean_text(text))
    shown = _shown(text)
    if not digits:
        raise CheckError("ОГРН не указан.")
    if _SHORTENED_NUMBER.fullmatch(digits):
        raise CheckError(_shortened_number("ОГРН", shown))
    if not _DIGITS.fullmatch(digits):
        raise CheckError(f"ОГРН «{shown}» содержит не только цифры: укажите 13 цифр.")
    if len(digits) == 15:
        raise CheckError(f"ОГРН «{digits}» из 15 цифр бывает у предпринимателей, у школы их 13.")
    if len(digits) != 13:
        raise CheckError(f"В ОГРН «{_shown(digits)}» {len(digits)} зн., а должно быть 13 цифр.")
    if digits[0] not in "15" or not ogrn_is_valid(digits):
        if digits.endswith("00000"):
            raise CheckError(_shortened_number("ОГРН", digits))
        raise CheckError(f"ОГРН «{digits}» записан с ошибкой: контрольная цифра не сходится. Сверьте с документами.")
    return digits


def _shortened_number(what: str, shown: str) -> str:
    """What to do about «1,6E+09»: the program that wrote the file has thrown the last digits away."""
    return (
        f"{what} сокращён программой до «{shown}», последние цифры потеряны. "
        f"Задайте столбцу формат «Текстовый» и впишите {what} заново из документов."
    )


def parse_email(text: str) -> str:
    """One mail address, in lower case."""
    if len(text) <= 254 and _PLAIN_ADDRESS.fullmatch(text) and text.index("@") <= 64:
        return text
    address = clean_text(text).removeprefix("mailto:").strip(" <>")
    if not address:
        raise CheckError("Адрес электронной почты не указан.")
    shown = _shown(address)
    if address.count("@") > 1 or re.search(r"[,;\s]\S*@|@\S*[,;\s]\s*\S", address):
        raise CheckError(f"Укажите один адрес электронной почты вместо «{shown}».")
    local, at, domain = address.rpartition("@")
    if not at:
        raise CheckError(f"В адресе электронной почты «{shown}» нет знака @.")
    if re.search(r"\s", address):
        raise CheckError(f"В адресе электронной почты «{shown}» есть пробел.")
    if not local or not domain:
        raise CheckError(f"Адрес электронной почты «{shown}» неполный: нужен вид имя@домен.ru.")
    if len(address) <= 254 and len(local) <= 64 and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return address.lower()
    if re.search("[А-Яа-яЁё]", local) or mixed_words(domain):
        latin = to_latin(address)
        fits = not re.search("[А-Яа-яЁё]", latin) and _is_address(latin)
        raise CheckError(
            f"В адресе электронной почты «{shown}» есть русские буквы. Наберите его латиницей.",
            proposal=latin.lower() if fits else "",
        )
    raise CheckError(f"Адрес электронной почты «{shown}» записан с ошибкой: нужен вид имя@домен.ru.")


def _is_address(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    return bool(_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain))


def parse_phone(text: str) -> str:
    """A Russian phone as «+7 (475) 000-00-01», with «, доб. 12» where there is an extension."""
    if _PLAIN_PHONE.fullmatch(text):
        return text
    phone = clean_text(text)
    if not phone:
        raise CheckError("Телефон не указан.")
    shown = _shown(phone)
    for word in ("тел.", "тел:", "телефон", "моб.", "т."):
        if phone.lower().startswith(word):
            phone = phone[len(word) :].lstrip(" :")
    extension = _EXTENSION.search(phone)
    number = phone[: extension.start()] if extension else phone
    if re.search(r"[,;/]|\bи\b", number):
        raise CheckError(f"Укажите один номер телефона вместо «{shown}».")
    if not _PHONE_SIGNS.fullmatch(number) or "+" in number.lstrip("+ "):
        raise CheckError(f"Номер телефона «{shown}» содержит лишние знаки: нужен вид +7 (475) 000-00-00.")
    digits = re.sub("[^0-9]", "", number)
    if len(digits) == 11 and (digits[0] == "7" or (digits[0] == "8" and "+" not in number)):
        digits = digits[1:]
    elif len(digits) != 10 or "+" in number:
        if 5 <= len(digits) <= 7:
            raise CheckError(f"В номере телефона «{shown}» нет кода города: нужен вид +7 (475) 000-00-00.")
        raise CheckError(f"Номер телефона «{shown}» записан с ошибкой: нужен вид +7 (475) 000-00-00.")
    tail = f", доб.\u00a0{extension[1]}" if extension else ""
    return f"+7 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}{tail}"


def parse_level(text: str, *, levels: Mapping[str, int] = LEVEL_WORDS) -> int:
    """The level's hours from its name, its hours or both: «60», «основной», «Основной (60 ч.)»."""
    known = "; ".join(f"{name} ({hours} ч)" for name, hours in levels.items())
    words = to_cyrillic(clean_text(text)).lower().replace("ё", "е")
    if not words:
        raise CheckError(f"Уровень не указан. Возможны: {known}.")
    named = {hours for name, hours in levels.items() if _stem(name) in words}
    numbers = {int(float(number.replace(",", "."))) for number in re.findall(r"\d{1,6}(?:[.,]0+)?(?![.,]?\d)", words)}
    found = named | numbers
    rest = re.sub(r"[\d\W_]+", " ", words)
    for name in levels:
        rest = re.sub(rf"\b{_stem(name)}\w{{0,3}}\b", " ", rest)
    rest = re.sub(r"\b(?:уровень|уровня|уровне|час|часов|часа|ч|ак|академических|в|год|профминимума?)\b", " ", rest)
    if named and numbers and named != numbers:
        raise CheckError(f"Уровень «{_shown(text)}» противоречив: название и часы не совпадают. Возможны: {known}.")
    if len(found) != 1 or not found <= set(levels.values()) or rest.strip():
        raise CheckError(f"Неизвестный уровень «{_shown(text)}». Возможны: {known}.")
    return found.pop()


def _stem(name: str) -> str:
    """«основной» and «основная программа» share their beginning; the ending of an adjective is two letters."""
    return name.lower().replace("ё", "е")[:-2]


def parse_yes_no(text: str) -> bool:
    """Yes or no, in the ways people mark it: «да», «+», «1», «нет», «—», «0»."""
    word = to_cyrillic(clean_text(text)).lower().rstrip(".")
    latin = clean_text(text).lower().rstrip(".")
    if word in _YES or latin in _YES:
        return True
    if word in _NO or latin in _NO:
        return False
    raise CheckError(f"Непонятно, да или нет: «{_shown(text)}». Впишите «да» или «нет».")


def check_alphabet(text: str) -> None:
    """Refuse words written in Cyrillic and Latin letters at once; the proposal is the text put right."""
    mixed = mixed_words(text)
    if mixed:
        repaired = unmixed(text)
        words = ", ".join(f"«{word}»" for word in mixed)
        raise CheckError(
            f"Латинские буквы среди русских: {words}. Наберите заново русскими буквами.",
            proposal="" if mixed_words(repaired) else repaired,
        )


def _shown(text: str) -> str:
    """A value short enough to be quoted in a message."""
    text = clean_text(text)
    return text if len(text) <= 60 else text[:59] + "…"
