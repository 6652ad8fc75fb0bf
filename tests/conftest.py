"""The cast: one region, its ministry, two municipalities, their schools, and a stranger.

- Анна of the ministry of Tambov region; Олег of the regional operator; Зоя, the administrator.
- Борис coordinates Бондарский, Галина coordinates Моршанский.
- Школа Бондарская (deputy Елена) and Школа Пахотная (deputy Иван) belong to Бондарский;
  Школа Моршанская (deputy Мария) to Моршанский.
- Лицей областной (deputy Павел) is on the regional budget and answers to the ministry.
- Виктор is the ministry of another region: a stranger who must see nothing.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import settings as hypothesis_settings

from accounts.models import Organization, Region, User
from obligations.models import Obligation, Requirement
from tests import factories

# How long an example takes says nothing about whether it holds, and on a busy machine it is anything.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

MOSCOW = ZoneInfo("Europe/Moscow")
TODAY = date(2023, 10, 16)
NOW = datetime(2023, 10, 16, 12, 0, tzinfo=MOSCOW)


# Rooms that know of no database and of no mode of running: what holds beside one of them holds beside the other.
_PURE = ("tests/bench/", "tests/scripts/", "tests/sheets/")
# What walks through many pages takes a minute or two: begun last, it would keep one worker busy alone.
_LONG = ("tests/e2e/", "tests/test_permissions.py")
_ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long walks; mark what touches no database, so that ``make test`` need not run it twice."""
    for item in items:
        touches = "db" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db")
        if not touches and _place(item).startswith(_PURE):
            item.add_marker("pure")
    items.sort(key=lambda item: not _place(item).startswith(_LONG))


def _place(item: pytest.Item) -> str:
    return item.path.relative_to(_ROOT).as_posix()


@pytest.fixture(autouse=True)
def _own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """Each test keeps its files and letters in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAIL_DIR = tmp_path / "mail"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A test asks for pages; looking for every static file anew took longer than most of them, client after client.
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture
def today() -> date:
    """The day on which the stories play: a Monday in October 2023."""
    return TODAY


@pytest.fixture
def now() -> datetime:
    """Noon of that day, Moscow time."""
    return NOW


@pytest.fixture
def region(db: None) -> Region:
    """Tambov region."""
    return factories.RegionFactory(code="68", name="Тамбовская область", name_genitive="Тамбовской области")


@pytest.fixture
def ministry(region: Region) -> Organization:
    """The ministry: the root of the region."""
    return factories.OrganizationFactory(
        region=region,
        kind="ministry",
        parent=None,
        code="ministry",
        name="Министерство образования и науки Тамбовской области",
        short_name="Министерство образования",
    )


@pytest.fixture
def operator(ministry: Organization) -> Organization:
    """The regional operator, an institution below the ministry."""
    return factories.OrganizationFactory(
        region=ministry.region,
        kind="operator",
        parent=ministry,
        code="operator",
        name="ТОГОАУ ДПО «Институт повышения квалификации работников образования»",
        short_name="ИПК работников образования",
    )


@pytest.fixture
def bondarsky(ministry: Organization) -> Organization:
    """The first municipality."""
    return factories.MunicipalityFactory(parent=ministry, code="bondarskiy", short_name="Бондарский")


@pytest.fixture
def morshansky(ministry: Organization) -> Organization:
    """The second municipality."""
    return factories.MunicipalityFactory(parent=ministry, code="morshanskiy", short_name="Моршанский")


@pytest.fixture
def bondarskaya(bondarsky: Organization) -> Organization:
    """A school of Бондарский."""
    return factories.SchoolFactory(parent=bondarsky, short_name="Школа Бондарская")


@pytest.fixture
def pakhotnaya(bondarsky: Organization) -> Organization:
    """Another school of Бондарский."""
    return factories.SchoolFactory(parent=bondarsky, short_name="Школа Пахотная")


@pytest.fixture
def morshanskaya(morshansky: Organization) -> Organization:
    """A school of Моршанский."""
    return factories.SchoolFactory(parent=morshansky, short_name="Школа Моршанская")


@pytest.fixture
def lyceum(ministry: Organization) -> Organization:
    """A school on the regional budget (ОГОО): it answers to the ministry."""
    return factories.SchoolFactory(parent=ministry, short_name="Лицей областной")


@pytest.fixture
def stranger_ministry(db: None) -> Organization:
    """The ministry of another region on the same host."""
    elsewhere = factories.RegionFactory(code="48", name="Липецкая область", name_genitive="Липецкой области")
    return factories.OrganizationFactory(
        region=elsewhere, kind="ministry", parent=None, code="ministry", short_name="Министерство Липецкой области"
    )


@pytest.fixture
def anna(ministry: Organization) -> User:
    """Anna works in the ministry."""
    return factories.person("anna", "ministry", ministry)


@pytest.fixture
def zoya(ministry: Organization) -> User:
    """Zoya administers the portal."""
    return factories.person("zoya", "administrator", ministry)


@pytest.fixture
def oleg(operator: Organization) -> User:
    """Oleg works for the regional operator."""
    return factories.person("oleg", "operator", operator)


@pytest.fixture
def boris(bondarsky: Organization) -> User:
    """Boris coordinates Бондарский."""
    return factories.person("boris", "coordinator", bondarsky)


@pytest.fixture
def galina(morshansky: Organization) -> User:
    """Galina coordinates Моршанский."""
    return factories.person("galina", "coordinator", morshansky)


@pytest.fixture
def elena(bondarskaya: Organization) -> User:
    """Elena is deputy head of Школа Бондарская."""
    return factories.person("elena", "deputy", bondarskaya)


@pytest.fixture
def ivan(pakhotnaya: Organization) -> User:
    """Ivan is deputy head of Школа Пахотная."""
    return factories.person("ivan", "deputy", pakhotnaya)


@pytest.fixture
def maria(morshanskaya: Organization) -> User:
    """Maria is deputy head of Школа Моршанская."""
    return factories.person("maria", "deputy", morshanskaya)


@pytest.fixture
def pavel(lyceum: Organization) -> User:
    """Pavel is deputy head of the school on the regional budget."""
    return factories.person("pavel", "deputy", lyceum)


@pytest.fixture
def viktor(stranger_ministry: Organization) -> User:
    """Viktor serves another region's ministry: a stranger here."""
    return factories.person("viktor", "ministry", stranger_ministry)


@pytest.fixture
def requirement(region: Region) -> Requirement:
    """Item 3.2: the school's order on the minimum, due on 20 October 2023."""
    return factories.RequirementFactory(
        region=region,
        number="3.2",
        title="Разработка и утверждение приказа о реализации профминимума",
        due_on=date(2023, 10, 20),
    )


@pytest.fixture
def obligation(requirement: Requirement, bondarskaya: Organization) -> Obligation:
    """Item 3.2 owed by Школа Бондарская."""
    return factories.ObligationFactory(requirement=requirement, organization=bondarskaya)


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """Sign a person in and return their browser."""

    def _sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return _sign_in
