"""Grades as people write them: «5-7, 9»."""

import re
from collections.abc import Iterable

FIRST_GRADE, LAST_GRADE = 5, 11
# The minimum is for grades 5 to 11 (order 2381).
GRADES = tuple(range(FIRST_GRADE, LAST_GRADE + 1))
_SPAN = re.compile(r"(\d{1,2})(?:\s*[-–—]\s*(\d{1,2}))?")
_WORDS = re.compile(r"класс\w*|(?<=\d)\s*-?\s*(?:е|ые|ых|х|й)(?!\w)", re.IGNORECASE)


def parse_grades(text: str) -> tuple[int, ...]:
    """Read grades 5 to 11; raises ValueError whose words are for the person who wrote them."""
    plain = _WORDS.sub("", text).strip(" .;,")
    if not plain:
        raise ValueError("Назовите классы, например: 5–7, 9.")
    found: set[int] = set()
    for part in re.split(r"\s*(?:[,;]|\s+и\s+)\s*", plain):
        span = _SPAN.fullmatch(part)
        if span is None:
            raise ValueError(f"Классы не распознаны: «{part[:30]}». Напишите так: 5–7, 9.")
        first, last = int(span[1]), int(span[2] or span[1])
        if first > last:
            raise ValueError(f"Классы «{part}» названы в обратном порядке.")
        if first < FIRST_GRADE or last > LAST_GRADE:
            raise ValueError(f"Профминимум — для {FIRST_GRADE}–{LAST_GRADE} классов, а здесь «{part}».")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def grades_label(grades: Iterable[int]) -> str:
    """Write grades for people: «5–7, 9»."""
    spans: list[list[int]] = []
    for grade in sorted(set(grades)):
        if spans and grade == spans[-1][1] + 1:
            spans[-1][1] = grade
        else:
            spans.append([grade, grade])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
