"""Pages, whole: through the middleware, the view, its queries and the template, as each role opens them.

The limit of a page over 40,000 schools is itself over 500: it must not grow with the country, neither in queries nor
in time.
"""

from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import BodyGroup, Membership, Region, User
from accounts.roles import Role
from bench import databases
from bench.figures import Figure
from bench.population import FEDERAL, LARGE, SMALL, Host
from bench.rounds import in_turn
from roadmap.models import Item, Roadmap

GOAL = 1.5
ROUNDS = 11

Address = Callable[[], str]


def _roadmap(name: str) -> Address:
    """A page of the one edition there is."""
    return lambda: reverse(f"roadmap:{name}", args=[Roadmap.objects.order_by("pk").values_list("pk", flat=True)[0]])


def _item() -> str:
    """The page of an item that every school owes."""
    return reverse("roadmap:item", args=[Item.objects.filter(bodies__group=BodyGroup.SCHOOLS).order_by("pk")[0].pk])


REVIEWERS = (Role.MINISTRY, Role.COORDINATOR)
EVERYBODY = (*REVIEWERS, Role.DEPUTY)
PAGES: tuple[tuple[str, Address, tuple[Role, ...], float | None], ...] = (
    ("roadmap page", _roadmap("detail"), EVERYBODY, GOAL),
    ("matrix", _roadmap("matrix"), REVIEWERS, GOAL),
    ("matrix, overdue first", lambda: f"{_roadmap('matrix')()}?sort=overdue", REVIEWERS, GOAL),
    ("matrix, least accepted first", lambda: f"{_roadmap('matrix')()}?sort=accepted", REVIEWERS, GOAL),
    ("to-do list", lambda: reverse("obligations:todo"), EVERYBODY, GOAL),
    # No issue has set these a goal. They show so many rows and no more, so they are held to the same one; a coordinator
    # of the large region has eighty times the schools as well.
    ("home", lambda: reverse("home"), EVERYBODY, GOAL),
    ("timeline", _roadmap("timeline"), REVIEWERS, GOAL),
    ("item page", _item, REVIEWERS, GOAL),
    ("inbox", lambda: reverse("obligations:inbox"), REVIEWERS, GOAL),
    ("schools", lambda: reverse("schools:list"), REVIEWERS, GOAL),
    ("calls", lambda: reverse("schools:calls"), REVIEWERS, GOAL),
    ("people", lambda: reverse("accounts:people"), (Role.COORDINATOR,), GOAL),
    # For a coordinator it has a row for each school of the municipality.
    ("progress report page", lambda: reverse("reporting:roadmap_progress"), REVIEWERS, None),
)


class Visitor:
    """A person of a role, signed in at one host, who opens one page again and again."""

    def __init__(self, host: Host, role: Role, address: Address) -> None:
        self._host = host
        databases.use(host.database)
        self._client = Client(SERVER_NAME="localhost")
        self._client.force_login(_person(role))
        self._address = address()

    def open(self) -> None:
        """Open the page; anything but a page is an error."""
        databases.use(self._host.database)
        response = self._client.get(self._address)
        if response.status_code != 200:
            raise AssertionError(f"{self._address} answers {response.status_code}")

    def queries(self) -> int:
        """Count the queries of one opening."""
        databases.use(self._host.database)
        with CaptureQueriesContext(connection) as captured:
            self.open()
        return len(captured)


def measure() -> Iterator[Figure]:
    """Measure every page for each role that uses it, in one region of 40,000 schools."""
    yield from _measure(LARGE)


def measure_federal() -> Iterator[Figure]:
    """Measure the same in one of 89 regions that stand in one installation."""
    yield from _measure(FEDERAL)


def _measure(host: Host) -> Iterator[Figure]:
    for name, address, roles, goal in PAGES:
        for role in roles:
            small, large = Visitor(SMALL, role, address), Visitor(host, role, address)
            taken = in_turn(large.open, small.open, rounds=ROUNDS)
            yield Figure(
                f"{name}, {role.value}",
                f"{host.label.removesuffix(' schools')} / {SMALL.schools}",
                taken.ours,
                taken.limit,
                goal,
                queries=(small.queries(), large.queries()),
            )


def _person(role: Role) -> User:
    """Somebody of the role in the first region, the same every time: of several the one in the middle."""
    region = Region.objects.order_by("pk")[0]
    people = Membership.objects.filter(role=role, organization__region=region).order_by("organization__kind", "pk")
    # Deputies serve other bodies as well: a school's, which is what most of them are.
    if role == Role.DEPUTY:
        people = people.filter(organization__kind="school")
    return people[people.count() // 2].user
