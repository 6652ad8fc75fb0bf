"""Filters of ``accounts.russian`` for templates: ``{% load russian %}``."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format

from accounts import russian
from accounts.models import Region

register = template.Library()


def _forms(words: str) -> tuple[str, str, str]:
    """Split «школа,школы,школ»; raises ValueError when there are not three forms."""
    one, few, many = words.split(",")
    return one, few, many


@register.filter
def plural(count: int, words: str) -> str:
    """``{{ n|plural:"школа,школы,школ" }}`` → the word alone."""
    return russian.plural(count, *_forms(words))


@register.filter
def counted(count: int, words: str) -> str:
    """``{{ n|counted:"школа,школы,школ" }}`` → «5 школ»."""
    return russian.counted(count, *_forms(words))


@register.filter
def hyphenated(text: str) -> str:
    """``{{ title|hyphenated }}``: long words may part at the end of a line of a narrow column."""
    return russian.hyphenated(text)


@register.filter
def figure(value: int) -> str:
    """``{{ n|figure }}`` → «1 234»."""
    return russian.figure(value)


@register.filter
def day(value: date | None) -> str:
    """``{{ obligation.due_on|day }}`` → «20 октября 2023 г.»; nothing for no date."""
    return russian.day(value) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """``{{ obligation.due_on|short_day }}`` → «20.10.2023», for tables."""
    return f"{value:%d.%m.%Y}" if value else ""


@register.filter
def moment(value: datetime | None, region: Region | None) -> str:
    """``{{ step.at|moment:region }}`` → «16 октября 2023 г., 12:00» on the region's clocks."""
    if value is None:
        return ""
    local = region.local(value) if region else value
    return f"{russian.day(local.date())}, {date_format(local, 'H:i')}"


@register.filter
def days_left(due: date, today: date) -> str:
    """``{{ obligation.due_on|days_left:today }}`` → «через 4 дня», «просрочено на 3 дня»."""
    return russian.days_left(due, today)


@register.filter
def file_size(size: int) -> str:
    """``{{ file.size|file_size }}`` → «1,4 МБ»."""
    return russian.file_size(size)


@register.filter
def share_of(part: int, whole: int) -> str:
    """``{{ done|share_of:total }}`` → «66,7 %», «—» of nothing."""
    return russian.percent(part, whole)
