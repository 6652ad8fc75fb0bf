"""Words that name no date: separate plans and schedules, stages, harmless remarks."""

from __future__ import annotations

import re
from collections.abc import Callable

from roadmap.deadlines.tokens import Cursor, TokenKind
from roadmap.deadlines.words import NUMERALS, ORDINALS, YEAR_NOUN, is_about_time

_PLAN_NOUN = re.compile(
    r"(план|планы|план[а-я]{1,3}|график[а-я]{0,3}|программ[а-я]{1,3}|расписани[а-я]{1,2}|календар[а-я]{1,3}"
    r"|согласовани[а-я]{1,2}|договор[её]нност[а-я]{1,3}|договор[а-я]{0,3}|заяв(ка|ке|кам|лени[а-я]{1,2})|запрос[а-я]{0,3}"
    r"|приказ[а-я]{0,3}|распоряжени[а-я]{1,2}|положени[а-я]{1,3}|регламент[а-я]{0,3}|порядк[а-я]{1,3}"
    r"|требовани[а-я]{1,2}|необходимости|поступления|поступлению|циклограмм[а-я]{1,3}|карт[аеыу])"
)
_OPENING = ("при", "по", "согласно", "в соответствии с", "в соответствии со", "в соответствии")
#: A plan may open the phrase by itself: «График АмИРО», «План-график».
_STANDING_ALONE = re.compile(r"(план|график|расписание|циклограмма)")
#: Words that leave it open which plan: with nothing else said a note would add nothing.
_COMMON_WORDS = re.compile(
    r"(по|согласно|в|с|со|соответствии|отдельн[а-я]+|дополнительн[а-я]+|утвержденн[а-я]+|сводн[а-я]+|мере|"
    r"индивидуальн[а-я]+|своему|своим|собственн[а-я]+|установленн[а-я]+|график[а-я]*|план|план[а-я]{1,3})"
)
#: «по графику, утверждённому приказом …»
_PARTICIPLE = re.compile(r"(утвержд|согласован|размещ|установлен|определен|составлен)")
_STAGE_NOUN = re.compile(r"(этап|тур|сессия|смена|поток|кампания|модуль|блок)")
_STAGE_ADJECTIVE = re.compile(
    r"(школьн|муниципальн|районн|городск|региональн|областн|отборочн|заочн|очн|заключительн|финальн|весенн|осенн)(ый|ий|ая|яя|ой)"
)
_LONGEST_OPENING = 6

ClauseStarts = Callable[[Cursor], bool]


def read_plan(cur: Cursor, clause_starts: ClauseStarts) -> str | None:
    """«По отдельному плану», «согласно сводным планам», «График АмИРО»: the phrase as written."""
    mark = cur.place
    opened = cur.take_any(*sorted(_OPENING, key=len, reverse=True))
    noun_found = False
    for _ in range(_LONGEST_OPENING):
        token = cur.peek()
        if token.kind is not TokenKind.WORD:
            break
        if _PLAN_NOUN.fullmatch(token.value) and (opened or _STANDING_ALONE.fullmatch(token.value)):
            cur.step()
            noun_found = True
            break
        if not opened or is_about_time(token.value):
            break
        cur.step()
    if not noun_found:
        cur.place = mark
        return None
    _take_rest_of_plan(cur, clause_starts)
    return cur.slice(mark, cur.place)


def says_nothing_more(note: str) -> bool:
    """Whether the phrase is just «по отдельному плану»: no plan is named."""
    return all(_COMMON_WORDS.fullmatch(word) for word in re.findall(r"[^\W\d_]+", note.lower()))


def _take_rest_of_plan(cur: Cursor, clause_starts: ClauseStarts) -> None:
    """Whose plan it is, its number and date: everything up to the next clause."""
    while not cur.at_end:
        token = cur.peek()
        if token.value == "№" and cur.peek(1).kind is TokenKind.NUMBER:
            cur.place += 2
        elif token.value == "от" and cur.peek(1).kind is TokenKind.NUMBER:
            cur.step()
            while cur.peek().kind is TokenKind.NUMBER or cur.peek().value in {".", "г"}:
                cur.step()
        elif token.value == "на" and (years := _years_ahead(cur)):
            # «по плану на 2023/2024 учебный год»
            cur.place += years
        elif _joins_plan_words(token.value, cur.peek(1).value):
            cur.place += 2
        elif token.kind is TokenKind.WORD and not clause_starts(cur) and not is_about_time(token.value):
            cur.step()
        elif token.value == "с" and cur.peek(1).kind is TokenKind.WORD and not is_about_time(cur.peek(1).value):
            # «по согласованию с министерством»
            cur.place += 2
        else:
            return


def _years_ahead(cur: Cursor) -> int:
    """How many tokens «на 2023/2024 учебный год» or «на 2024 год» has; 0 when it is something else."""
    mark = cur.place
    cur.step()
    while cur.peek().kind is TokenKind.NUMBER or cur.peek().value in {"/", "-"}:
        cur.step()
    cur.take("(учебн[а-я]+|уч|календарн[а-я]+)")
    cur.skip_stop()
    taken = cur.place - mark if cur.take_word(YEAR_NOUN) else 0
    cur.place = mark
    return taken


def _joins_plan_words(sign: str, following: str) -> bool:
    """«план-график», «по графику, утверждённому …»."""
    return (sign == "-" and _PLAN_NOUN.fullmatch(following) is not None) or (
        sign == "," and _PARTICIPLE.match(following) is not None
    )


def read_stage(cur: Cursor) -> str | None:
    """«I этап», «школьный этап:», «весенняя сессия –» in front of its date."""
    mark = cur.place
    for _ in range(2):
        token = cur.peek()
        counts = token.kind is TokenKind.NUMBER and len(token.value) <= 2
        if not counts and not (
            token.kind is TokenKind.WORD
            and (
                token.number
                or token.value in ORDINALS
                or token.value in NUMERALS
                or _STAGE_ADJECTIVE.fullmatch(token.value)
            )
        ):
            break
        cur.step()
    if cur.place > mark and cur.peek().kind is TokenKind.WORD and _STAGE_NOUN.fullmatch(cur.peek().value):
        cur.step()
        note = cur.slice(mark, cur.place)
        cur.take_sign(":", "-")
        return note
    cur.place = mark
    return None


def read_remark(cur: Cursor, clause_starts: ClauseStarts) -> str | None:
    """Words without any sense of time, up to the next clause: «предзащита проектов»."""
    first = cur.place
    last = first
    while not cur.at_end:
        token = cur.peek()
        if token.kind is TokenKind.WORD and (is_about_time(token.value) or clause_starts(cur)):
            break
        if token.kind is TokenKind.WORD and not token.number:
            cur.step()
            last = cur.place
        elif token.value in {",", ";", ".", "-", "/"} and cur.peek(1).kind is TokenKind.WORD:
            cur.step()
        else:
            break
    cur.place = last
    return cur.slice(first, last) if last > first else None
