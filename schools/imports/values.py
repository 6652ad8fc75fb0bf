"""Step three: what each cell of a list may hold. Every check returns the value or raises `CheckError`."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from sheets.cells import looks_like_formula
from sheets.checks import CheckError, check_alphabet, parse_phone

NAME_LENGTH = 500
SHORT_NAME_LENGTH = 200
CONTACT_LENGTH = 200
SITE_LENGTH = 200

MOST_PUPILS = 5000

_COUNT = re.compile(r"([0-9]{1,9})(?:[.,]0+)?")
_FRACTION = re.compile(r"-?\d+\.\d+")
_LETTER = re.compile(r"[^\W\d_]")
_PHONE_LENGTH = 40
# Most cells are in order, and these see it at once: words that begin with a Russian letter and have no Latin one, a
# site's address in small Latin letters. Whatever they don't know goes through the checks below.
_RUSSIAN = re.compile(r"[А-яЁё][^A-Za-z]*")
_SAME_LETTERS = str.maketrans({"ё": "е", "Ё": "Е", "–": "-", "—": "-", "‑": "-"} | dict.fromkeys("\"'“”„‟‘’‹›«» ", ""))
_PLAIN_SITE = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(?:/[A-Za-z0-9/_.~-]*)?")
_is_url = URLValidator(schemes=["http", "https"])


def words_of(what: str, limit: int) -> Callable[[str], str]:
    """A check of words: something is there, no formula, one alphabet a word, not too long."""

    def check(text: str) -> str:
        if len(text) <= limit and _RUSSIAN.fullmatch(text):
            return text
        if looks_like_formula(text):
            raise CheckError(f"{what}: текст похож на формулу ({_shown(text)}). Впишите обычный текст.")
        if not _LETTER.search(text):
            raise CheckError(f"{what}: нет ни одной буквы ({_shown(text)}).")
        if len(text) > limit:
            raise CheckError(f"{what}: {len(text)} зн., а помещается не больше {limit}. Сократите.")
        try:
            check_alphabet(text)
        except CheckError as error:
            told = f"{what}: {error.message[0].lower()}{error.message[1:]}"
            raise CheckError(told, proposal=error.proposal) from error
        return text

    return check


def same_words(text: str, other: str) -> bool:
    """Whether two names differ in nothing but quotation marks, dashes, spaces and «ё»."""
    return plain_name(text) == plain_name(other)


def plain_name(text: str) -> str:
    """What names that differ only in quotation marks, dashes, spaces and «ё» have in common."""
    return text.translate(_SAME_LETTERS)


def required(what: str, check: Callable[[str], str]) -> Callable[[str], str]:
    """The same check of a cell that must not be empty; `what` is of neuter gender."""

    def check_filled(text: str) -> str:
        if not text:
            raise CheckError(f"{what} не указано.")
        return check(text)

    return check_filled


def parse_contact_phone(text: str) -> str:
    """A Russian phone in its one form."""
    phone = parse_phone(text)
    if len(phone) > _PHONE_LENGTH:
        raise CheckError(f"Номер телефона {_shown(text)} слишком длинный.")
    return phone


def parse_site(text: str) -> str:
    """A site's address; one without «https://» gets it."""
    if len(text) <= SITE_LENGTH and _PLAIN_SITE.fullmatch(text):
        return text
    address = text if "://" in text else f"https://{text}"
    try:
        host = urlsplit(address).hostname or ""
        _is_url(address)
    except (ValidationError, ValueError) as error:
        raise CheckError(f"Адрес сайта {_shown(text)} записан с ошибкой: нужен вид https://школа.рф.") from error
    if "." not in host:
        raise CheckError(f"Адрес сайта {_shown(text)} записан с ошибкой: нужен вид https://школа.рф.")
    if len(address) > SITE_LENGTH:
        raise CheckError(f"Адрес сайта длиннее {SITE_LENGTH} знаков: укажите главную страницу.")
    return address


def shortened(name: str) -> str:
    """A short name where a list gives none."""
    return name if len(name) <= SHORT_NAME_LENGTH else name[: SHORT_NAME_LENGTH - 1] + "…"


def parse_count(text: str) -> int:
    """A number of people: whole, not negative; «25,0» of a spreadsheet is 25."""
    match = _COUNT.fullmatch(text.replace("\u00a0", "").replace(" ", ""))
    if match is None:
        raise CheckError(f"Нужно целое число, а указано {_shown(_with_comma(text))}. Если никого нет, впишите 0.")
    count = int(match[1])
    if count > MOST_PUPILS:
        raise CheckError(f"Число {count} слишком большое: столько обучающихся в одном классе не бывает.")
    return count


def _with_comma(text: str) -> str:
    """A fraction as Russian writes it: workbooks keep it with a point."""
    return text.replace(".", ",") if _FRACTION.fullmatch(text) else text


def _shown(text: str) -> str:
    return f"«{text}»" if len(text) <= 60 else f"«{text[:59]}…»"
