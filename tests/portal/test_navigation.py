"""The navigation: who is led where."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import User

EVERYWHERE = {"home", "roadmap:list", "reporting:roadmap_progress", "exports:list", "obligations:mail"}
ENTRIES = {
    "anna": EVERYWHERE | {"obligations:todo", "obligations:inbox", "schools:list"},
    "oleg": EVERYWHERE | {"obligations:todo", "schools:list"},
    "boris": EVERYWHERE | {"obligations:todo", "obligations:inbox", "schools:list"},
    "elena": EVERYWHERE | {"obligations:todo"},
    "zoya": EVERYWHERE | {"schools:list", "schools:import"},
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
