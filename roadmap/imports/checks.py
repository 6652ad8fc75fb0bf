"""What a careful clerk would look at twice in a table just read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from roadmap.imports.drafts import FIELD_LABELS, Doubt, Problem
from roadmap.imports.rows import ItemRow, SectionRow, says_when

_NBSP = "\u00a0"
_EMPTY = {
    "number": "Нет номера пункта",
    "title": "Мероприятие не названо",
    "deadline": "Срок не указан",
    "bodies_text": "Ответственный не указан",
    "expected_result": "Ожидаемый результат не указан",
}
#: An item may do without a result; without the rest it asks nothing of nobody.
_MISSING_FIELDS = ("title", "deadline", "bodies_text")


#: Cells that may stretch over several rows, in the order they are looked at, and how a doubt calls them.
_SHARED = {"deadline": "Срок общий", "bodies_text": "Ответственный общий", "expected_result": "Результат общий"}
Shared = dict[str, str]


def share_cells(section: SectionRow) -> dict[int, Shared]:
    """Give a cell that serves several items to all of them; by line: the field, and whose cell it is.

    Where the document tells its merged cells, only those are shared: any other empty cell is empty.
    """
    shared: dict[int, Shared] = {}
    owners: dict[str, ItemRow] = {}
    for item, following in zip_longest(section.items, section.items[1:]):
        if not item.cells.get("deadline") and _is_heading(item, following):
            # No cell belongs to a heading of the items below, nor do cells above stretch past it.
            owners = {}
            continue
        for name in _SHARED:
            if item.cells.get(name):
                owners[name] = item
            elif not item.may_share(name):
                owners.pop(name, None)
            elif name in item.cells and name in owners and item.cells.get("title"):
                item.cells[name] = owners[name].cells[name]
                shared.setdefault(item.line, {})[name] = owners[name].number
    return shared


def _is_heading(item: ItemRow, following: ItemRow | None) -> bool:
    """Whether the items that follow are parts of this one: 1.3 before 1.3.1."""
    return following is not None and bool(item.number) and following.number.startswith(f"{item.number}.")


def item_doubts(section: SectionRow, item: ItemRow, repeated: set[str], shared: Shared) -> Iterator[Doubt]:
    """All doubts about one item, column by column."""
    if not item.number:
        yield Doubt("number", _EMPTY["number"])
    elif item.number in repeated:
        yield Doubt("number", f"Номер {item.number} встречается не один раз")
    elif "." in item.number and section.head.number.isdigit() and item.number.split(".")[0] != section.head.number:
        yield Doubt("number", f"Пункт {item.number} стоит в{_NBSP}разделе {section.head.number}")
    if item.number_written:
        message = f"В{_NBSP}документе стоит «{item.number_written}»; прочитано как{_NBSP}{item.number}"
        yield Doubt("number", f"{message}, потому что таблица теряет ноль на конце")
    for name in _MISSING_FIELDS:
        if not item.cells.get(name):
            yield Doubt(name, _EMPTY[name])
    holder = swapped_with_deadline(item)
    if holder is not None:
        label = FIELD_LABELS[holder]
        yield Doubt("deadline", f"Похоже, срок попал в{_NBSP}столбец «{label}»: проверьте, не переставлены ли столбцы")
        yield Doubt(holder, f"Похоже на срок, а{_NBSP}не на «{label}»: проверьте, не переставлены ли столбцы")
    for name, owner in shared.items():
        yield Doubt(name, f"{_SHARED[name]} с{_NBSP}п.{_NBSP}{owner}")
    if "expected_result" in item.cells and not item.cells["expected_result"]:
        yield Doubt("expected_result", _EMPTY["expected_result"])
    if item.loose_lines:
        lines = ", ".join(str(line) for line in item.loose_lines)
        yield Doubt("expected_result", f"Присоединён текст без табуляции (строки текста: {lines})")


def swapped_with_deadline(item: ItemRow) -> str | None:
    """The field that holds a readable deadline while the deadline's own column holds none."""
    if says_when(item.cells.get("deadline", "")):
        return None
    return next(
        (name for name in ("bodies_text", "title", "expected_result") if says_when(item.cells.get(name, ""))), None
    )


def repeated_numbers(sections: list[SectionRow]) -> set[str]:
    """Numbers that more than one item has."""
    counts = Counter(item.number for section in sections for item in section.items if item.number)
    return {number for number, count in counts.items() if count > 1}


def table_problems(sections: list[SectionRow], repeated: set[str], places: dict[int, str]) -> Iterator[Problem]:
    """What is wrong with the table as a whole; ``places`` says of lines where in a document they stand."""
    items = [item for section in sections for item in section.items]
    yield from _section_problems(sections)
    for number in sorted(repeated, key=sort_key):
        lines = [item.line for item in items if item.number == number]
        where = [place for line in lines if (place := places.get(line))]
        said = "; ".join(where) if where else f"строки {', '.join(map(str, lines))}"
        yield Problem(f"Номер {number} стоит у{_NBSP}нескольких пунктов ({said})", lines[0])
    for item in items:
        if not item.number:
            yield Problem(f"У{_NBSP}пункта нет номера (столбец «{FIELD_LABELS['number']}»)", item.line)
    yield from _gaps(items)
    swapped = Counter(holder for item in items if (holder := swapped_with_deadline(item)) is not None)
    for holder, count in swapped.items():
        if count * 2 > len(items):
            yield Problem(
                f"Похоже, переставлены столбцы «{FIELD_LABELS['deadline']}» и{_NBSP}«{FIELD_LABELS[holder]}»",
                items[0].line,
            )


def _section_problems(sections: list[SectionRow]) -> Iterator[Problem]:
    seen: set[str] = set()
    for section in sections:
        number, title = section.head.number, section.head.title
        if not title:
            yield Problem(f"Нет заголовка раздела {number}", section.line)
        if not number:
            yield Problem(f"У{_NBSP}раздела «{title}» нет номера", section.line)
        elif number in seen:
            yield Problem(f"Раздел {number} встречается не один раз", section.line)
        if not section.items:
            yield Problem(f"В{_NBSP}разделе «{title or number}» нет ни одного пункта", section.line)
        seen.add(number)


def sort_key(number: str) -> tuple[int, ...]:
    """«1.10» after «1.9»."""
    return tuple(int(part) for part in number.split("."))


def _gaps(items: list[ItemRow]) -> Iterator[Problem]:
    """Numbers that are left out or run backwards, level by level."""
    last_of: dict[tuple[int, ...], int] = {}
    for item in items:
        if not item.number:
            continue
        *parent, own = sort_key(item.number)
        last = last_of.get(tuple(parent), 0)
        prefix = "".join(f"{part}." for part in parent)
        if own > last + 1:
            missing = f"{prefix}{last + 1}" if own == last + 2 else f"{prefix}{last + 1}–{prefix}{own - 1}"
            verb = "пропущен пункт" if own == last + 2 else "пропущены пункты"
            yield Problem(f"Перед пунктом {item.number} {verb} {missing}", item.line)
        elif own < last:
            yield Problem(f"Пункт {item.number} стоит после пункта {prefix}{last}", item.line)
        last_of[tuple(parent)] = max(own, last)
