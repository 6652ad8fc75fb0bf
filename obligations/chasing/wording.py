"""The digest in Russian: subject, plain text and simple HTML. The clock is not read; links start with PORTAL_URL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from accounts import russian
from accounts.models import Region
from obligations.chasing.content import (
    Content,
    Debtor,
    DueGroup,
    MunicipalityDebts,
    Owed,
)
from obligations.states import State

NBSP = russian.NBSP
# A letter is read on a telephone: so many lines a part, the rest is behind a link.
MAX_LINES = 20
MAX_SCHOOLS_OF_MUNICIPALITY = 10
MAX_TITLE = 160
# Where the ministry and coordinators see everybody: the page of an app further right, known by its address only.
PROGRESS_URL_NAME = "reporting:roadmap_progress"
# Where reviewers find everybody who is late, with contacts: likewise.
CALLS_URL_NAME = "schools:calls"

Forms = tuple[str, str, str]
OBLIGATIONS: Forms = ("поручение", "поручения", "поручений")
# After «у», which wants the genitive.
BY_SCHOOLS: Forms = ("школы", "школ", "школ")
ORGANIZATIONS: Forms = ("организация", "организации", "организаций")
MUNICIPALITIES: Forms = ("муниципалитет", "муниципалитета", "муниципалитетов")

SENT_BACK = {State.RETURNED: "возвращено на доработку", State.REOPENED: "открыто повторно"}


@dataclass(frozen=True)
class Person:
    """Whom the letter speaks to."""

    pk: int
    first_name: str = ""
    patronymic: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a part; ``url`` leads to what it tells of."""

    text: str
    detail: str
    url: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a letter: its first lines, and a link for the rest."""

    heading: str
    lines: tuple[Line, ...]
    left_out: str = ""
    url: str = ""


@dataclass(frozen=True)
class Letter:
    """A digest ready to be sent."""

    subject: str
    text: str
    html: str


def letter(*, content: Content, person: Person, region: Region, today: date) -> Letter:
    """Put a digest into words."""
    context = {
        "greeting": greeting(person),
        "region": region,
        "today": today,
        "parts": parts(content, today),
        "portal_name": settings.PORTAL_NAME,
        "home_url": _address("home"),
        "todo_url": _address("obligations:todo") if content.has_own else "",
        "calls_url": _address(CALLS_URL_NAME) if content.reviewed_count else "",
    }
    return Letter(
        subject=subject(content, is_demonstration=region.is_demonstration),
        text=render_to_string("emails/digest.txt", context).strip() + "\n",
        html=render_to_string("emails/digest.html", context),
    )


def greeting(person: Person) -> str:
    """Greet by name and patronymic as far as they are known."""
    name = " ".join(part for part in (person.first_name, person.patronymic) if part) if person.first_name else ""
    return f"Здравствуйте, {name}!" if name else "Здравствуйте!"


def subject(content: Content, *, is_demonstration: bool) -> str:
    """Say what the letter is about: «Профминимум: просрочено 3 поручения, подходит срок ещё 2»."""
    said = []
    if overdue := len(content.overdue):
        said.append(f"просрочено {russian.counted(overdue, *OBLIGATIONS)}")
    if due := content.due_count:
        said.append(
            f"подходит срок ещё{NBSP}{due}"
            if said
            else f"подходит срок {russian.counted(due, 'поручения', 'поручений', 'поручений')}"
        )
    if sent_back := len(content.sent_back):
        said.append(
            f"на доработке ещё{NBSP}{sent_back}" if said else f"на доработке {russian.counted(sent_back, *OBLIGATIONS)}"
        )
    if reviewed := content.reviewed_count:
        said.append(f"у подведомственных организаций просрочено {russian.counted(reviewed, *OBLIGATIONS)}")
    mark = " (демонстрационные данные)" if is_demonstration else ""
    return f"{settings.PORTAL_NAME}{mark}: {', '.join(said)}"


def parts(content: Content, today: date) -> tuple[Part, ...]:
    """Lay the content out in parts, what burns first."""
    own = [_own_part("Просрочено", content.overdue, content, today)]
    own += [_own_part(_due_heading(group, today), group.owed, content, today) for group in content.due]
    own.append(_own_part("Возвращено на доработку", content.sent_back, content, today))
    late = _late(content.ladder.coordinator_after, content)
    below = [
        _debtors_part(f"Подведомственные организации: {late}", content.debtors, content, today),
        _municipalities_part(content, today),
        _debtors_part(f"Школы на региональном бюджете: {late}", content.regional_schools, content, today),
        _debtors_part(f"Муниципалитеты, собственные поручения: {late}", content.municipal_authorities, content, today),
        _debtors_part(f"Учреждения и партнёры: {late}", content.institutions, content, today),
    ]
    return tuple(part for part in (*own, *below) if part.lines)


def _due_heading(group: DueGroup, today: date) -> str:
    """Say when the group is due: «Срок завтра, 17 октября 2023 г.»."""
    due_on = today + timedelta(days=group.days)
    return f"Срок {russian.days_left(due_on, today)}, {russian.day(due_on)}"


def _own_part(heading: str, owed: Sequence[Owed], content: Content, today: date) -> Part:
    """Lay out obligations of the person's own organizations."""
    lines = tuple(_own_line(one, content, today) for one in owed[:MAX_LINES])
    return _part(f"{heading} — {_counted(owed)}", lines, len(owed), OBLIGATIONS, _address("obligations:todo"))


def _own_line(one: Owed, content: Content, today: date) -> Line:
    """Tell of one obligation: number, title, whose, due when, and that it was sent back."""
    title = Truncator(f"{one.number}{NBSP}{' '.join(one.title.split())}").chars(MAX_TITLE, truncate="…")
    details = [one.organization] if content.several_own else []
    if one.order:
        details.append(one.order)
    details.append(f"срок {russian.day(one.due_on)}")
    if one.due_on < today:
        details.append(russian.days_left(one.due_on, today))
    if one.sent_back:
        details.append(SENT_BACK[State(one.state)])
    return Line(title, ", ".join(details), _address("obligations:detail", one.pk))


def _debtors_part(heading: str, debtors: Sequence[Debtor], content: Content, today: date) -> Part:
    """Lay out organizations that answer to the person directly, with whom to call."""
    count = sum(debtor.over_reviewer for debtor in debtors)
    lines = tuple(
        Line(
            f"{debtor.name} ({debtor.parent_name})" if content.several_reviewed else debtor.name,
            f"{_debts(debtor.over_reviewer, [debtor], today)}; {_contact(debtor)}",
        )
        for debtor in debtors[:MAX_LINES]
    )
    heading = f"{heading} — {russian.counted(count, *OBLIGATIONS)}"
    return _part(heading, lines, len(debtors), ORGANIZATIONS, _address(CALLS_URL_NAME))


def _late(after: int, content: Content) -> str:
    """Say how long is too long; some requirements may be told of sooner or later than the rest."""
    said = f"просрочено более чем на{NBSP}{russian.days(after)}" if after else "просрочено"
    return f"{said} (у{NBSP}отдельных мероприятий свой порядок)" if content.has_own_ladders else said


def _municipalities_part(content: Content, today: date) -> Part:
    """Lay out what the ministry hears of schools that answer to municipalities."""
    municipalities = content.municipalities
    lines = tuple(_municipality_line(one, today) for one in municipalities[:MAX_LINES])
    count = russian.counted(sum(one.count for one in municipalities), *OBLIGATIONS)
    heading = f"Школы муниципалитетов: {_late(content.ladder.ministry_after, content)} — {count}"
    return _part(heading, lines, len(municipalities), MUNICIPALITIES, _address(PROGRESS_URL_NAME))


def _municipality_line(one: MunicipalityDebts, today: date) -> Line:
    """Tell of one municipality: how much, at how many schools, and which."""
    schools = len(one.debtors)
    named = [f"{debtor.name}{NBSP}— {debtor.over_ministry}" for debtor in one.debtors[:MAX_SCHOOLS_OF_MUNICIPALITY]]
    if left := schools - len(named):
        named.append(f"…и ещё{NBSP}{russian.counted(left, 'школа', 'школы', 'школ')}")
    where = f"у{NBSP}{russian.counted(schools, *BY_SCHOOLS)}"
    return Line(one.name, f"{_debts(one.count, one.debtors, today, where)}: {'; '.join(named)}")


def _debts(count: int, debtors: Iterable[Debtor], today: date, where: str = "") -> str:
    """Say how much is overdue, where, and for how long the oldest of it has been."""
    oldest = russian.days_left(min(debtor.oldest_due_on for debtor in debtors), today)
    said = " ".join(part for part in (russian.counted(count, *OBLIGATIONS), where) if part)
    return f"{said}, самое давнее {oldest}" if count > 1 else f"{said}, {oldest}"


def _contact(debtor: Debtor) -> str:
    """Say whom to call, or where to write."""
    known = [debtor.contact] if debtor.contact else []
    if debtor.phone:
        known.append(f"тел.{NBSP}{debtor.phone}")
    if debtor.email:
        known.append(debtor.email)
    return ", ".join(known) or "контакты не указаны"


def _part(heading: str, lines: tuple[Line, ...], total: int, forms: Forms, url: str) -> Part:
    """Make a part; say how many lines stand behind its link."""
    left = total - len(lines)
    return Part(heading, lines, f"…и ещё{NBSP}{russian.counted(left, *forms)}" if left else "", url)


def _counted(owed: Sequence[Owed]) -> str:
    return russian.counted(len(owed), *OBLIGATIONS)


def _address(name: str, *args: int) -> str:
    """Return the full address of a page."""
    return f"{settings.PORTAL_URL}{reverse(name, args=args)}"
