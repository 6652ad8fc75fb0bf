"""What to look at twice in a document once its bodies and dates are known. Nothing is written."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from accounts.academic_years import AcademicYear
from accounts.models import GROUP_KIND, BodyGroup
from accounts.russian import counted
from roadmap.actions.bodies import ReadBody, read_bodies
from roadmap.imports.bodies import BodyName
from roadmap.imports.drafts import FIELD_LABELS, ItemDraft

_MOST_NUMBERS = 12
_NBSP = "\u00a0"
# From 1 June to 31 August a school prepares the year that begins on 1 September.
PREPARING = timedelta(days=92)


def doubly_named(bodies: Sequence[ReadBody]) -> Iterator[str]:
    """Bodies that the cell names by themselves and within a group: each still owes the item once."""
    for body in bodies:
        for other in bodies:
            if body.organization and other.group and GROUP_KIND.get(other.group) == body.organization.kind:
                group = BodyGroup(other.group).label
                yield f"«{body.label}» уже входит в{_NBSP}группу «{group}»: поручение будет одно"


def early_notices(dues: Iterable[date], order_date: date | None) -> list[dict[str, str]]:
    """The note at the deadline of an item that was due before its order was signed."""
    early = [due for due in dues if order_date is not None and due < order_date]
    if order_date is None or not early:
        return []
    return [{"field": "deadline", "message": f"Раньше даты приказа ({order_date:%d.%m.%Y})"}]


def dates_outside(dues: Iterable[date], academic_year: int) -> list[date]:
    """The dates that no work of the academic year can be due on: what prepares it begins in June before it."""
    year = AcademicYear(academic_year)
    return sorted(due for due in dues if not year.start - PREPARING <= due <= year.end)


def outside_year(dues: Iterable[date], academic_year: int) -> Iterator[str]:
    """The doubt about dates that name a year other than the one the document is read for."""
    if outside := dates_outside(dues, academic_year):
        named = ", ".join(f"{due:%d.%m.%Y}" for due in outside[:_MOST_NUMBERS])
        yield f"Срок {named} вне {AcademicYear(academic_year)} учебного года: проверьте год"


def early_items(numbers: Sequence[str], order_date: date | None) -> Iterator[str]:
    """One line for all items that were due before the order was signed: the wrong year is seen at a glance."""
    if order_date is None or not numbers:
        return
    count = counted(len(numbers), "мероприятия", "мероприятий", "мероприятий")
    named = ", ".join(numbers[:_MOST_NUMBERS]) + (" и другие" if len(numbers) > _MOST_NUMBERS else "")
    yield (
        f"У{_NBSP}{count} срок наступает раньше даты приказа ({order_date:%d.%m.%Y}): {named}. Проверьте дату приказа"
        f" и{_NBSP}учебный год."
    )


def swapped_bodies(items: Sequence[ItemDraft], resolved: Sequence[bool], directory: list[BodyName]) -> Iterator[str]:
    """Whether most rows name known bodies in another column, while their own holds none; ``resolved`` tells of it."""
    for field in ("title", "expected_result"):
        holders = 0
        for item, is_known in zip(items, resolved, strict=True):
            bodies = [] if is_known else read_bodies(getattr(item, field), directory)
            holders += bool(bodies) and all(body.is_resolved for body in bodies)
        if holders * 2 > len(items):
            yield (
                f"Похоже, переставлены столбцы «{FIELD_LABELS['bodies_text']}» и{_NBSP}«{FIELD_LABELS[field]}»:"
                " ответственные стоят не под своим заголовком. Исправьте заголовок таблицы и загрузите её снова."
            )
