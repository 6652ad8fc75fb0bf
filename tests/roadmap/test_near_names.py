"""A body that nobody knows is offered with the known names nearest to it."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from roadmap.actions import body_directory, near_names
from tests.roadmap.stories import draft_of, item_of, order_of
from tests.roadmap.test_views_import import body

UNKNOWN = "Общеобразовательные организации области"


def test_near_names_are_at_most_three_and_none_for_nonsense(ministry: Organization) -> None:
    directory = body_directory(ministry.region)
    near = near_names(UNKNOWN, directory)
    assert near[0].group == "schools"
    assert 1 <= len(near) <= 3
    assert near_names("Йцукенг", directory) == []


def test_one_click_maps_the_unknown_body(
    ministry: Organization, bondarskaya: Organization, anna: User, browser_of: Callable[[User], Client]
) -> None:
    roadmap = draft_of(ministry.region, order_of(("3.1", "Занятия", "До 20.10.2023 г.", UNKNOWN)))
    item = item_of(roadmap, "3.1")
    client = browser_of(anna)
    page = client.get(reverse("roadmap:item_edit", args=[item.pk]))
    assert f"«{UNKNOWN}» не узнан, поручений не получит. Может быть, это:" in body(page)
    assert 'name="target" value="group:schools"' in page.content.decode()
    client.post(reverse("roadmap:map_body", args=[roadmap.pk]), {"text": UNKNOWN, "target": "group:schools"})
    assert item.bodies.get().group == "schools"
