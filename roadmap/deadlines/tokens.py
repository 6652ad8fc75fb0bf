"""Cutting a deadline's text into words, numbers and signs that remember where they stood."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass

from roadmap.deadlines.words import GLUED, MONTHS, ROMANS
from sheets.lookalikes import to_cyrillic, unmixed


class TokenKind(enum.Enum):
    """What a token is."""

    NUMBER = "number"
    WORD = "word"
    TIME = "time"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign; ``start`` and ``end`` are offsets in the original text."""

    kind: TokenKind
    value: str
    start: int
    end: int
    number: int = 0
    #: «1-я», «15-го», «первая», «I»: an ordinal, however written.
    is_ordinal: bool = False


_INVISIBLE = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u0300-\u036f"
_DASHES = "-\u00ac\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u2500"
_ENDINGS = "го|ого|му|ому|ти|ый|ий|ой|ая|ое|ью|й|я|е|ю|х|м"
_GLUED_ENDINGS = "го|ого|ому|ый|ий|ой|ая|ое|й|я|е"
_AFTER_ROMAN = "й|я|е|го|му|ая|ое|ый|м"
_TOKEN = re.compile(
    rf"""
    (?P<time>(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?![0-9]))
  | (?P<number>[0-9]+)(?P<suffix>(?:[{_DASHES}](?:{_ENDINGS})|{_GLUED_ENDINGS})(?![а-яёa-z0-9]))?
  | (?P<roman>[ivxіх]{{1,5}})[{_DASHES}](?:{_AFTER_ROMAN})(?![а-яёa-z0-9])
  | (?P<word>[^\W\d_][^\W\d_{_INVISIBLE}]*(?:[{_INVISIBLE}]+[^\W\d_]*)*)
  | (?P<dash>[{_DASHES}])
  | (?P<skip>[\s{_INVISIBLE}"'`\u00ab\u00bb\u2018-\u201f\u2039\u203a]+)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_STRIP_INVISIBLE = re.compile(f"[{_INVISIBLE}]+")
_ROMAN_TWINS = str.maketrans("іхⅹⅰⅴ", "ixxiv")


def _word_value(text: str) -> str:
    """The word as the vocabulary spells it: composed, lower case, «ё» as «е», in one alphabet."""
    value = _STRIP_INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    # Capitals have more twins than small letters: «CEHTЯБРЬ» is put right before it is made small.
    value = unmixed(value).lower().replace("ё", "е")
    cyrillic = to_cyrillic(value.upper()).lower()
    if cyrillic in MONTHS:
        return cyrillic
    roman = value.translate(_ROMAN_TWINS)
    if roman in ROMANS:
        return roman
    # A lone Latin «c» or «k» is the preposition typed on the wrong keyboard.
    return to_cyrillic(value) if value in {"c", "k", "co", "ko", "o"} else unmixed(value)


def _unglued(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The words run together in this one («втечение», «Iквартал»), each with its place; else the word itself."""
    glued = GLUED.fullmatch(text.lower())
    if glued is None:
        yield text, start, start + len(text)
        return
    for number, piece in enumerate(glued.groups(), start=1):
        if piece:
            first, last = glued.span(number)
            yield text[first:last], start + first, start + last


def tokenize(text: str) -> list[Token]:
    """All tokens of the text; quotes and spaces are passed over, every dash becomes «-»."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        match match.lastgroup:
            case "skip":
                continue
            case "number" | "suffix":
                digits = match["number"].lstrip("0") or "0"
                # A number of ten digits is no part of a date; 0 makes every reading of it fail.
                value = int(digits) if len(digits) <= 4 else 0
                tokens.append(Token(TokenKind.NUMBER, match["number"], start, end, value, bool(match["suffix"])))
            case "roman":
                roman = _word_value(match["roman"])
                tokens.append(Token(TokenKind.WORD, roman, start, end, ROMANS.get(roman, 0), is_ordinal=True))
            case "word":
                for piece, first, last in _unglued(match[0], start):
                    word = _word_value(piece)
                    tokens.append(Token(TokenKind.WORD, word, first, last, ROMANS.get(word, 0), word in ROMANS))
            case "time":
                tokens.append(Token(TokenKind.TIME, match[0], start, end))
            case "dash":
                tokens.append(Token(TokenKind.SIGN, "-", start, end))
            case "sign" if match[0] == "\\":
                tokens.append(Token(TokenKind.SIGN, "/", start, end))
            case _:
                tokens.append(Token(TokenKind.SIGN, match[0], start, end))
    return tokens


class Cursor:
    """A place in the tokens that moves forward as words are understood and back when they are not."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.place = 0
        end = len(text)
        self._end = Token(TokenKind.END, "", end, end)

    def peek(self, ahead: int = 0) -> Token:
        """The token at the cursor (or ``ahead`` of it); past the last one an END token for ever."""
        place = self.place + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else self._end

    def step(self) -> Token:
        """Take one token, whatever it is."""
        token = self.peek()
        self.place += 1
        return token

    @property
    def at_end(self) -> bool:
        """Whether everything has been understood."""
        return self.place >= len(self.tokens)

    def take_sign(self, *signs: str) -> bool:
        """Take one of these signs if it stands here."""
        token = self.peek()
        if token.kind is TokenKind.SIGN and token.value in signs:
            self.place += 1
            return True
        return False

    def take_word(self, words: Container[str]) -> str | None:
        """Take a word of this vocabulary (and the full stop of an abbreviation), or nothing."""
        token = self.peek()
        if token.kind is TokenKind.WORD and token.value in words:
            self.place += 1
            return token.value
        return None

    def take(self, phrase: str) -> bool:
        """Take a run of words, each given as a pattern: ``take("в течени[еи]")``. All of them or none."""
        patterns = phrase.split()
        for ahead, pattern in enumerate(patterns):
            token = self.peek(ahead)
            if token.kind is not TokenKind.WORD or not re.fullmatch(pattern, token.value):
                return False
        self.place += len(patterns)
        return True

    def take_any(self, *phrases: str) -> bool:
        """Take the first of these runs of words that stands here."""
        return any(self.take(phrase) for phrase in phrases)

    def skip_stop(self) -> None:
        """Pass over the full stop of an abbreviation («уч.», «г.»)."""
        self.take_sign(".")

    def slice(self, first: int, last: int) -> str:
        """The original text from token ``first`` up to, not including, token ``last``, in single spaces."""
        if first >= last:
            return ""
        piece = self.text[self.tokens[first].start : self.tokens[last - 1].end]
        return " ".join(piece.split())
