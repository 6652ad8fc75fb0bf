"""What a derived edition may do to what it inherits: stricter, never looser."""

from collections.abc import Sequence
from datetime import date

from roadmap.actions.bodies import ReadBody
from roadmap.models import Item, Occurrence

#: (start or none, due)
Span = tuple[date | None, date]


def looser(
    item: Item,
    *,
    number: str,
    title: str,
    result: str,
    dates: Sequence[Span],
    bodies: Sequence[ReadBody],
    unread_deadline: str = "",
) -> list[str]:
    """Say what of this would make an inherited item looser than the edition above asks; nothing when it may be so.

    ``unread_deadline`` is a deadline's words that could not be read: they say neither earlier nor later.
    """
    return [
        *refusals_against_words(item, number=number, title=title, result=result),
        *(refusals_unread(item, unread_deadline) if unread_deadline else refusals_against_dates(item, dates)),
        *refusals_against_bodies(item, bodies),
    ]


def refusals_against_words(item: Item, *, number: str, title: str, result: str) -> list[str]:
    """Say why an inherited item cannot be worded so: number, title and result are those of the edition above."""
    if (number, title, result) == (item.number, item.title, item.expected_result):
        return []
    return ["Номер, название и результат мероприятия установлены вышестоящей дорожной картой: изменить их нельзя."]


def refusals_against_dates(item: Item, dates: Sequence[Span]) -> list[str]:
    """Say why an inherited item cannot be dated so: each date of the edition above, the same or an earlier one."""
    limits = sorted(occurrence.latest_on for occurrence in item.occurrences.all() if occurrence.latest_on)
    if not limits and dates:
        return ["Сроки этого мероприятия назначит тот, кто его установил: своих дат у него пока быть не может."]
    if len(limits) != len(dates):
        asked = ", ".join(f"{limit:%d.%m.%Y}" for limit in limits)
        return [f"В вышестоящей дорожной карте у мероприятия другие сроки ({asked}): назовите по одному на каждый."]
    return [
        f"Срок {due:%d.%m.%Y} позже установленного ({limit:%d.%m.%Y}): ужесточить можно, ослабить нельзя."
        for (_, due), limit in zip(sorted(dates, key=_due), limits, strict=True)
        if due > limit
    ]


def refusals_unread(item: Item, deadline: str) -> list[str]:
    """Say that the deadline was not understood, where dates are asked: neither earlier nor later can be told of it."""
    limits = sorted(occurrence.latest_on for occurrence in item.occurrences.all() if occurrence.latest_on)
    if not limits:
        return []
    asked = ", ".join(f"{limit:%d.%m.%Y}" for limit in limits)
    return [f"Срок не распознан: «{deadline}». Назовите не позже, чем в вышестоящей дорожной карте: {asked}."]


def refusals_against_bodies(item: Item, bodies: Sequence[ReadBody]) -> list[str]:
    """Say why an inherited item cannot be asked of these: nobody whom the edition above asks may be left out."""
    if item.inherited_from is None:
        return []
    named = {(body.organization.pk if body.organization else None, body.group) for body in bodies if body.is_resolved}
    texts = {body.text for body in bodies}
    missing = [
        body.label
        for body in item.inherited_from.bodies.all()
        if (body.organization_id, body.group) not in named and body.text not in texts
    ]
    if not missing:
        return []
    return [f"Исполнителей, которых назвала вышестоящая дорожная карта, исключить нельзя: {'; '.join(missing)}."]


def write_inherited_dates(item: Item, dates: Sequence[Span]) -> None:
    """Set the dates of an inherited item; they were checked against those above."""
    above = sorted(item.occurrences.all(), key=lambda occurrence: occurrence.latest_on or occurrence.due_on)
    item.occurrences.all().delete()
    Occurrence.objects.bulk_create(
        Occurrence(
            item=item,
            start_on=start,
            due_on=due,
            inherited_from_id=occurrence.inherited_from_id,
            latest_on=occurrence.latest_on,
        )
        for (start, due), occurrence in zip(sorted(dates, key=_due), above, strict=True)
    )


def _due(span: Span) -> date:
    return span[1]
