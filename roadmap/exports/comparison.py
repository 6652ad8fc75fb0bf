"""The comparison of two editions as a workbook: what came, what went, what reads differently, word by word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Region, User
from exports.documents import Cell, Column, Document, Figure, Ink, Marked, Row, Table
from exports.models import ExportFormat
from exports.naming import file_name
from exports.registry import OutOfScope, Progress, Report, ReportUnavailable, Request
from roadmap.actions import edition_words
from roadmap.comparison import Comparison, FieldChange, ItemChange, ItemWords, Kind, Mark, SectionChange, compare
from roadmap.comparison.labels import FIELD_LABELS, KIND_LABELS, weight
from roadmap.comparison.wording import Span
from roadmap.exports.common import number_sent
from roadmap.models import Roadmap

TITLE = "Сравнение редакций"
_CHANGE_COLUMNS = (
    Column("№ было", width=8),
    Column("№ стало", width=8),
    Column("Мероприятие", width=38),
    Column("Что изменилось", width=18),
    Column("Было", width=46),
    Column("Стало", width=46),
)
_ITEM_COLUMNS = (
    Column("№", width=8),
    Column("Мероприятие", width=56),
    Column("Срок, как в документе", width=24),
    Column("Даты", width=22),
    Column("Ответственные", width=36),
    Column("Ожидаемые результаты", width=36),
)
_NUMBER_COLUMNS = (Column("№ было", width=10), Column("№ стало", width=10), Column("Мероприятие", width=100))
_SECTION_COLUMNS = (Column("Что произошло", width=22), Column("Было", width=64), Column("Стало", width=64))
_INKS = {Mark.SAME: Ink.PLAIN, Mark.INSERTED: Ink.ADDED, Mark.DELETED: Ink.REMOVED}
_NOTE = "Исключённые слова зачёркнуты красным, добавленные подчёркнуты зелёным."


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: two editions of one region in the person's sight, drafts of their own among them."""
    before, after = _editions(user, sent)
    title = f"{TITLE}: {before.year}, {before.order_label} → {after.year}, {after.order_label}"
    return Request(region=after.region, parameters={"before": before.pk, "after": after.pk}, title=title[:300])


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Compare as the page does and lay everything out, mere spelling on a sheet of its own."""
    before, after = _editions(user, parameters)
    if after.region_id != region.pk:
        raise ReportUnavailable("Дорожная карта относится к другому субъекту РФ.")
    progress(10, "Сравниваем редакции")
    found = compare(edition_words(before), edition_words(after))
    cut_off = region.local(now)
    return Document(
        title=TITLE,
        subtitle="" if before.academic_year != after.academic_year else f"{after.year} учебный год",
        facts=(("Было", f"{before.year}, {before.order_label}"), ("Стало", f"{after.year}, {after.order_label}")),
        figures=(
            *(Figure(label, found.count(kind), note="мероприятий") for kind, label in KIND_LABELS.items()),
            Figure("Без изменений", found.unchanged, note="мероприятий"),
        ),
        charts=(),
        tables=list(_tables(found)),
        cut_off=cut_off,
        filename=file_name(f"{TITLE}, приказ {after.order_number}, {cut_off:%d.%m.%Y}"),
        notes=(_NOTE, "Одно мероприятие может получить и новый номер, и новые слова, и новые даты."),
    )


def _editions(user: User, sent: Mapping[str, Any]) -> tuple[Roadmap, Roadmap]:
    """Read the two editions; raises OutOfScope for what the person cannot see."""
    wanted = [number_sent(sent.get(name)) for name in ("before", "after")]
    visible = Roadmap.objects.visible_to(user).select_related("region", "owner").defer("source_text")
    found = visible.in_bulk(wanted)
    if set(wanted) - set(found):
        raise OutOfScope("Дорожная карта не найдена.")
    before, after = (found[pk] for pk in wanted)
    if before.region_id != after.region_id:
        raise OutOfScope("Редакции относятся к разным субъектам РФ.")
    return before, after


def _tables(found: Comparison) -> Iterator[Table]:
    """A sheet for each kind of change; sections and spelling only where there are any."""
    on_both = sorted((one for one in found.items if one.before and one.after), key=weight)
    changed = [row for one in on_both for row in _changes(one, is_editorial=False)]
    yield Table("Изменённые мероприятия", _CHANGE_COLUMNS, changed, sheet_name="Изменены", note=_NOTE)
    for kind, title, sheet in (
        (Kind.ADDED, "Добавленные мероприятия", "Добавлены"),
        (Kind.REMOVED, "Исключённые мероприятия", "Исключены"),
    ):
        yield Table(title, _ITEM_COLUMNS, [_whole(one.item) for one in found.of_kind(kind)], sheet_name=sheet)
    numbers = [
        Row([one.before.number, one.after.number, one.after.title])
        for one in found.of_kind(Kind.RENUMBERED)
        if one.before and one.after
    ]
    yield Table("Новые номера мероприятий", _NUMBER_COLUMNS, numbers, sheet_name="Новые номера")
    if found.sections:
        rows = [_section(one) for one in found.sections]
        yield Table("Разделы", _SECTION_COLUMNS, rows, note=_NOTE)
    spelt = [row for one in on_both for row in _changes(one, is_editorial=True)]
    if spelt:
        note = f"Написано иначе, обязанности те же. {_NOTE}"
        yield Table("Только оформление", _CHANGE_COLUMNS, spelt, note=note)


def _changes(change: ItemChange, *, is_editorial: bool) -> Iterator[Row]:
    """A row for each date that moved and each field that reads differently, or is but spelt so."""
    before, after = change.before, change.after
    if before is None or after is None:
        return
    head: list[Cell] = [before.number, after.number, after.title]
    if change.dates and not is_editorial:
        gone = "; ".join(_day(one.before) for one in change.dates if one.before)
        come = "; ".join(_day(one.after) for one in change.dates if one.after)
        yield Row([*head, "Даты", Marked([(gone, Ink.REMOVED)]), Marked([(come, Ink.ADDED)])])
    for one in change.fields:
        if one.is_editorial == is_editorial:
            yield Row([*head, FIELD_LABELS[one.name], _side(one, Mark.DELETED), _side(one, Mark.INSERTED)])


def _side(field: FieldChange, mark: Mark) -> Marked:
    """How a field reads on one side: what both have, and what only this one has."""
    return _marked([(one.text, one.mark) for one in field.pieces], mark, "; " if field.is_list else "")


def _marked(pieces: Iterable[tuple[str, Mark]], mark: Mark, between: str = "") -> Marked:
    runs: list[tuple[str, Ink]] = []
    for text, what in pieces:
        if what in (Mark.SAME, mark):
            if runs and between:
                runs.append((between, Ink.PLAIN))
            runs.append((text, _INKS[what]))
    return Marked(runs)


def _whole(item: ItemWords) -> Row:
    """An item that stands on one side alone."""
    dates = "; ".join(_day(span) for span in item.dates)
    return Row([item.number, item.title, item.deadline, dates, "; ".join(item.bodies), item.result])


def _section(change: SectionChange) -> Row:
    """A section that came, went, or is headed differently."""
    pieces: Sequence[tuple[str, Mark]] = [(one.text, one.mark) for one in change.title]
    sides: list[Cell] = []
    for section, mark in ((change.before, Mark.DELETED), (change.after, Mark.INSERTED)):
        if section is None:
            sides.append(None)
        else:
            words = _marked(pieces or [(section.title, mark)], mark)
            sides.append(Marked([(f"{section.number}. ", Ink.PLAIN), *words.runs]))
    return Row([KIND_LABELS[change.kind], *sides])


def _day(span: Span) -> str:
    """A date in figures, a span from its beginning."""
    start, due = span
    return f"{start:%d.%m.%Y} — {due:%d.%m.%Y}" if start else f"{due:%d.%m.%Y}"


COMPARISON = Report(
    name="roadmap_comparison", title=TITLE, clean=clean, build=build, formats=frozenset({ExportFormat.XLSX})
)
