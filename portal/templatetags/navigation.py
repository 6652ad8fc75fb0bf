"""The navigation of the portal: who is led where, and where one is."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse

from accounts.models import User
from accounts.roles import ACTING, Role
from obligations import rules
from obligations.models import Extension, Obligation

register = template.Library()

EVERYBODY = frozenset(Role)
REVIEWERS = frozenset({Role.MINISTRY, Role.COORDINATOR})


@dataclass(frozen=True)
class Entry:
    """One entry: a page, its name, its symbol and the roles it is for."""

    url_name: str
    label: str
    symbol: str
    roles: frozenset[Role] = EVERYBODY


PEOPLE = "accounts:people"
ENTRIES = (
    Entry("obligations:todo", "Мои поручения", "tasks", ACTING),
    Entry("obligations:inbox", "На проверку", "inbox", REVIEWERS),
    Entry("obligations:extensions", "Продления", "clock", REVIEWERS),
    Entry("roadmap:list", "Дорожные карты", "map"),
    Entry("reporting:roadmap_progress", "Ход исполнения", "chart"),
    Entry("reporting:readiness", "Готовность школ", "check", REVIEWERS | {Role.OPERATOR}),
    Entry("reporting:school_levels", "Уровни школ", "chart", frozenset(Role) - {Role.DEPUTY}),
    Entry("obligations:returns", "Возвраты", "return", REVIEWERS | {Role.OPERATOR}),
    Entry("schools:plans", "Планы школ", "file"),
    Entry("schools:list", "Школы", "school", frozenset(Role) - {Role.DEPUTY}),
    Entry(PEOPLE, "Люди", "user", frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})),
    Entry("schools:import", "Загрузка списков", "upload", frozenset({Role.ADMINISTRATOR})),
    Entry("schools:calls", "Кому позвонить", "phone", REVIEWERS),
    Entry("obligations:reminders", "Напоминания", "bell", frozenset({Role.MINISTRY})),
    Entry("exports:list", "Выгрузки", "download"),
)
HOME = Entry("home", "Главная", "home")
MAIL = Entry("obligations:mail", "Письма", "mail")


@dataclass(frozen=True)
class Link:
    """An entry as it is drawn; ``current`` is the value of aria-current."""

    url: str
    label: str
    symbol: str
    current: str
    count: int = 0
    """How much waits there for the person."""


def entries_for(user: User) -> list[Entry]:
    """Return the entries of a person's roles; without a role there is home, and for the host's administrator people."""
    roles = {Role(membership.role) for membership in user.active_memberships}
    found = [HOME, *(one for one in ENTRIES if one.roles & roles or (user.is_superuser and one.url_name == PEOPLE))]
    return [*found, MAIL] if roles and settings.MAIL_IS_EMBEDDED else found


def here(path: str, urls: dict[str, str]) -> str:
    """Return the name of the entry that the path belongs to: the nearest above it, or ''.

    The page of an obligation lies below the to-do list; whoever has an inbox may have come from
    there, which the address doesn't tell. Pages beside the obligations belong to no entry.
    """
    above = [name for name, url in urls.items() if path == url or (url != "/" and path.startswith(url))]
    name = max(above, key=lambda name: len(urls[name]), default="")
    if name == "obligations:todo" and path != urls[name]:
        is_obligation = path.removeprefix(urls[name])[:1].isdigit()
        return name if is_obligation and "obligations:inbox" not in urls else ""
    return name


def _list_of(obligation: Obligation, user: User, urls: dict[str, str]) -> str:
    """Return the list an obligation lies in for the person: their inbox, their to-do list, or none ('')."""
    is_own = rules.owns(user, obligation)
    if "obligations:inbox" in urls and rules.reviews(user, obligation) and not (is_own and obligation.is_with_owner):
        return "obligations:inbox"
    return "obligations:todo" if is_own and "obligations:todo" in urls else ""


@register.inclusion_tag("_components/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, list[Link]]:
    """Draw the navigation of the person who is signed in."""
    request = context["request"]
    entries = entries_for(request.user)
    urls = {entry.url_name: reverse(entry.url_name) for entry in entries}
    current = here(request.path, urls)
    obligation = context.get("obligation")
    if isinstance(obligation, Obligation) and current in ("", "obligations:todo"):
        current = _list_of(obligation, request.user, urls)
    counts = {}
    if "obligations:extensions" in urls:
        counts["obligations:extensions"] = Extension.objects.waiting_for(request.user)
    return {
        "links": [
            Link(
                url=urls[entry.url_name],
                label=entry.label,
                symbol=entry.symbol,
                current=("page" if request.path == urls[current] else "true") if entry.url_name == current else "",
                count=counts.get(entry.url_name, 0),
            )
            for entry in entries
        ]
    }
