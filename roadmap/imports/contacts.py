"""Persons and their phones in a cell of responsible bodies: a duty belongs to a body, never to a person."""

import re

_POSITION = (
    r"(?:и\.?о\.?\s+)?(?:директор|заместитель|зам\.|методист|начальник|заведующ|специалист|доцент|профессор|старш|главн|ведущ"
    r"|координатор|консультант|педагог|учител|руководител|секретар|инспектор)"
)
_CONTACT = re.compile(
    rf"""
    (?:(?:e-?mail|эл\.?\s*почта|электронная\s+почта|почта)\s*:?\s*)?[\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,32}}){{1,4}}
  | (?:телефон|тел\b\.?|факс|моб\b\.?)(?:\s*/\s*факс)?\s*:?\s*(?:\+?[0-9][0-9\s()+-]{{4,24}}[,;\s]*){{1,4}}
  | (?:\[ФИО\]|[А-ЯЁ][а-яё]{{1,30}}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.)(?:\s*,\s*{_POSITION}[^;,:@«\[]{{0,200}})*
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Names and initials are told by their capitals, which the pattern at large does not look at.
_INITIALS = re.compile(r"\[ФИО\]|[А-ЯЁ][а-яё]+\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.")


def without_contacts(cell: str) -> str:
    """The cell with a semicolon in place of each person («[ФИО], директор»), phone and address."""

    def replaced(match: re.Match[str]) -> str:
        text = match[0]
        is_person = not any(sign.isdigit() for sign in text) and "@" not in text
        return text if is_person and _INITIALS.match(text) is None else ";"

    return _CONTACT.sub(replaced, cell)
