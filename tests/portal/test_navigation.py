"""The navigation: who is led where."""

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from obligations.models import Obligation
from tests import factories

EVERYWHERE = {"home", "roadmap:list", "reporting:roadmap_progress", "exports:list", "obligations:mail"}
ENTRIES = {
    "anna": EVERYWHERE | {"obligations:todo", "obligations:inbox", "schools:list"},
    "oleg": EVERYWHERE | {"obligations:todo", "schools:list"},
    "boris": EVERYWHERE | {"obligations:todo", "obligations:inbox", "schools:list", "accounts:people"},
    "elena": EVERYWHERE | {"obligations:todo"},
    "zoya": EVERYWHERE | {"schools:list", "schools:import", "accounts:people"},
}
ALL = set().union(*ENTRIES.values())


@pytest.mark.parametrize("name", ENTRIES)
def test_each_role_sees_its_own_entries(
    request: pytest.FixtureRequest, sign_in: Callable[[User], Client], name: str
) -> None:
    client = sign_in(request.getfixturevalue(name))
    page = client.get(reverse("accounts:profile")).content.decode()
    shown = {entry for entry in ALL if f'class="nav-entry" href="{reverse(entry)}"' in page}
    assert shown == ENTRIES[name]


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_opens(request: pytest.FixtureRequest, sign_in: Callable[[User], Client], name: str) -> None:
    client = sign_in(request.getfixturevalue(name))
    answers = {entry: client.get(reverse(entry)).status_code for entry in ENTRIES[name]}
    assert answers == dict.fromkeys(ENTRIES[name], 200)


def test_the_page_one_is_on_is_marked(sign_in: Callable[[User], Client], elena: User) -> None:
    page = sign_in(elena).get(reverse("home")).content.decode()
    assert page.count("aria-current") == 1
    assert 'href="/" aria-current="page"' in page


def test_letters_in_a_folder_are_shown_only_where_mail_is_embedded(
    sign_in: Callable[[User], Client], elena: User, settings: LazySettings
) -> None:
    settings.MAIL_IS_EMBEDDED = False
    page = sign_in(elena).get(reverse("home")).content.decode()
    assert reverse("obligations:mail") not in page


@pytest.mark.parametrize(
    ("name", "address", "marked"),
    [
        ("anna", "obligations:inbox", ["obligations:inbox"]),
        ("anna", "obligations:todo", ["obligations:todo"]),
        ("zoya", "schools:import", ["schools:import"]),
        ("zoya", "accounts:profile", []),
    ],
)
def test_one_entry_at_most_is_marked(
    request: pytest.FixtureRequest, sign_in: Callable[[User], Client], name: str, address: str, marked: list[str]
) -> None:
    page = sign_in(request.getfixturevalue(name)).get(reverse(address)).content.decode()
    links = re.findall(r'class="nav-entry" href="([^"]+)" aria-current', page)
    assert links == [reverse(entry) for entry in marked]


def test_an_obligation_lies_below_its_owners_list_and_its_reviewers_inbox(
    sign_in: Callable[[User], Client], elena: User, boris: User, anna: User, obligation: Obligation
) -> None:
    marks = {}
    for person in (elena, boris, anna):
        page = sign_in(person).get(reverse("obligations:detail", args=[obligation.pk])).content.decode()
        marks[person] = re.findall(r'class="nav-entry" href="([^"]+)" aria-current="true"', page)
    assert marks == {elena: [reverse("obligations:todo")], boris: [reverse("obligations:inbox")], anna: []}


def test_behind_the_bell_the_bell_is_marked(sign_in: Callable[[User], Client], elena: User) -> None:
    page = sign_in(elena).get(reverse("obligations:notices")).content.decode()
    assert f'class="bell" href="{reverse("obligations:notices")}" aria-current="page"' in page


def test_without_a_role_there_is_home_alone(sign_in: Callable[[User], Client], db: None) -> None:
    page = sign_in(factories.UserFactory()).get(reverse("accounts:profile")).content.decode()
    assert re.findall(r'class="nav-entry" href="([^"]+)"', page) == [reverse("home")]
