"""A body that nobody knows is offered with the known names nearest to it."""

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse

from accounts.models import BodyAlias, Organization, User
from roadmap.actions import approve, body_directory, derive, near_names
from roadmap.models import Roadmap
from tests.conftest import NOW
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
    suggested = f"group:schools|{UNKNOWN}"
    assert f'name="map" value="{suggested}"' in page.content.decode()
    typed = {
        "number": "3.1",
        "title": "Занятия для всех",
        "deadline_text": "До 21.10.2023 г.",
        "bodies_text": f"{UNKNOWN}\nНовый исполнитель",
    }
    answer = client.post(reverse("roadmap:item_edit", args=[item.pk]), typed | {"map": suggested})
    # The name is known from now on, and nothing that was typed is lost or saved.
    assert item.bodies.get().group == "schools"
    assert {name: answer.context["form"][name].value() for name in typed} == typed
    assert [text for text, _ in answer.context["unknown"]] == ["Новый исполнитель"]
    assert "Мероприятие ещё не сохранено" in body(answer)
    assert item_of(roadmap, "3.1").title == "Занятия"
    adding = reverse("roadmap:item_add", args=[roadmap.pk, item.section_id])
    refused = client.post(adding, typed | {"map": "organization:0|Новый исполнитель"})
    assert "Эту организацию здесь поручением не назвать" in body(refused)
    assert refused.context["form"]["title"].value() == "Занятия для всех"
    assert not BodyAlias.objects.filter(text="Новый исполнитель").exists()


def test_in_an_own_draft_the_known_name_takes_its_place(
    ministry: Organization, bondarsky: Organization, boris: User, browser_of: Callable[[User], Client]
) -> None:
    approve(roadmap=draft_of(ministry.region), by=None, now=NOW)
    own = derive(
        parent=Roadmap.objects.get(),
        owner=bondarsky,
        order_number="15",
        order_date=date(2023, 9, 4),
        title="План",
        by=boris,
        now=NOW,
    )
    section = own.sections.get(number="3")
    typed = {"number": "3.9", "title": "Занятия", "deadline_text": "Май 2024 г.", "bodies_text": UNKNOWN}
    adding = reverse("roadmap:item_add", args=[own.pk, section.pk])
    answer = browser_of(boris).post(adding, typed | {"map": f"group:schools|{UNKNOWN}"})
    assert answer.context["form"]["bodies_text"].value() == "Общеобразовательные организации"
    assert answer.context["unknown"] == []
