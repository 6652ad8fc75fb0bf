"""``read_roadmap``: from a pasted order or its annex to a draft of the roadmap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from roadmap.imports.checks import Shared, item_doubts, repeated_numbers, share_cells, table_problems
from roadmap.imports.drafts import ItemDraft, Problem, RoadmapDraft, SectionDraft
from roadmap.imports.heads import STANDARD_HEAD, TableHead, item_number, read_head, read_section
from roadmap.imports.orders import read_order
from roadmap.imports.rows import ItemRow, SectionRow, gather, skipped_rows, table_rows
from sheets.pasted import PastedRow, read_pasted

_EXPECTED = "«№ п/п», «Мероприятие», «Срок исполнения», «Ответственный», «Ожидаемые результаты»"
_NOT_FOUND = f"Не нашли в\u00a0тексте таблицу дорожной карты: ожидали строку заголовка со столбцами {_EXPECTED}"
#: In characters; the longest order seen has sixty thousand.
LONGEST_TEXT = 500_000
_ADVICE = "Скопируйте таблицу из документа целиком, вместе с\u00a0заголовком."
_SKIPPED = (
    "Отсюда таблица пропущена: в\u00a0ней другое число столбцов, а\u00a0заголовка нет. Повторите в\u00a0ней заголовок"
)
#: The rows in front of a table, its head, its sections, and what was wrong with finding it.
_Table = tuple[Sequence[PastedRow], TableHead, list[SectionRow], list[Problem]]


def read_roadmap(text: str) -> RoadmapDraft:
    """Read the first roadmap table of the text: a whole order with annexes, or just the table.

    Never raises: whatever is wrong stands in ``problems`` of the draft and ``doubts`` of its items.
    """
    if len(text) > LONGEST_TEXT:
        return RoadmapDraft(problems=(Problem(f"Текст слишком велик для приказа. {_ADVICE}"),))
    rows = read_pasted(text)
    if not rows:
        return RoadmapDraft(problems=(Problem(f"Текст пуст. {_ADVICE}"),))
    tables = _tables(rows)
    if not tables:
        return RoadmapDraft(problems=(Problem(_why_not_found(rows)),))
    # Of several tables the first with items is read; one that names results comes before plans of events.
    before, head, sections, problems = next((table for table in tables if any(s.items for s in table[2])), tables[0])
    if not any(section.items for section in sections):
        problem = Problem(f"Под заголовком таблицы нет ни одного пункта с\u00a0номером (1.1, 1.2\u00a0…). {_ADVICE}")
        return RoadmapDraft(problems=(*problems, problem))
    if "number" not in head.columns:
        problems.append(Problem("В\u00a0таблице нет столбца с\u00a0номерами: пункты пронумерованы по порядку"))
    order = read_order(before)
    repeated = repeated_numbers(sections)
    # Problems are looked for before results are shared: what is empty in the text counts as empty.
    places = {row.line: row.place for row in rows}
    problems += table_problems(sections, repeated, places)
    return RoadmapDraft(
        title=order.title,
        sections=tuple(_section(section, repeated, places) for section in sections),
        problems=tuple(replace(one, place=places.get(one.line or 0, "")) for one in problems),
        order_number=order.number,
        order_date=order.date,
        academic_year=order.academic_year,
    )


def _tables(rows: Sequence[PastedRow]) -> list[_Table]:
    """The tables of items in the text, those with results first; one without a head if there are none."""
    tables: list[_Table] = []
    heads = [(place, head) for place, row in enumerate(rows) if (head := read_head(row)) is not None]
    for at, (place, head) in enumerate(heads):
        if at and heads[at - 1][1].fits(head):
            # The head again on the next page, or a table of the same kind that begins further down.
            continue
        before = rows[: place - 1] if _opens_section(rows, place) else rows[:place]
        under = [*rows[len(before) : place], *rows[place + 1 :]]
        problems = [Problem(_SKIPPED, line) for line in skipped_rows(under, head)[:1]]
        tables.append((before, head, gather(table_rows(under, head), head), problems))
    tables.sort(key=lambda table: not table[1].has_results)
    start = _start_without_head(rows) if not heads else None
    if start is not None:
        problem = Problem(f"Нет строки заголовка: столбцы прочитаны по порядку {_EXPECTED}", rows[start].line)
        sections = gather(table_rows(rows[start:], STANDARD_HEAD), STANDARD_HEAD)
        tables.append((rows[:start], STANDARD_HEAD, sections, [problem]))
    return tables


def _opens_section(rows: Sequence[PastedRow], head: int) -> bool:
    """Whether the first section's head stands in front of the table as a paragraph, not in it."""
    if not head or len(rows[head - 1].cells) > 1 or read_section([rows[head - 1].text], 1) is None:
        return False
    return head + 1 < len(rows) and read_section(list(rows[head + 1].cells), 1) is None


def _start_without_head(rows: Sequence[PastedRow]) -> int | None:
    """Where a table pasted without its head begins: at its first item, or the section's head above it."""
    for place, row in enumerate(rows):
        if len(row.cells) == STANDARD_HEAD.width and "." in (item_number(row.cells[0]) or ""):
            return place - 1 if place and read_section(list(rows[place - 1].cells), 1) is not None else place
    return None


def _why_not_found(rows: Sequence[PastedRow]) -> str:
    if all(len(row.cells) == 1 for row in rows):
        reason = "в\u00a0тексте нет ни одной табуляции, ячейки таблицы не отделены друг от друга"
    else:
        reason = "такой строки нет"
    return f"{_NOT_FOUND}; {reason}. {_ADVICE}"


def _section(section: SectionRow, repeated: set[str], places: dict[int, str]) -> SectionDraft:
    shared = share_cells(section)
    items = tuple(
        replace(_item(section, item, repeated, shared.get(item.line, {})), place=places.get(item.line, ""))
        for item in section.items
    )
    return SectionDraft(section.head.number, section.head.title, section.line, items)


def _item(section: SectionRow, item: ItemRow, repeated: set[str], shared_with: Shared) -> ItemDraft:
    return ItemDraft(
        number=item.number,
        title=item.cells.get("title", ""),
        deadline=item.cells.get("deadline", ""),
        bodies_text=item.cells.get("bodies_text", ""),
        expected_result=item.cells.get("expected_result", ""),
        line=item.line,
        doubts=tuple(item_doubts(section, item, repeated, shared_with)),
    )
