"""A municipality's own plan comes in by the doors of the regional one: pasted, from a file, from the shell."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from accounts.reference import load_region
from roadmap.actions import approve
from roadmap.imports.documents import read_document
from roadmap.imports.reader import read_roadmap
from roadmap.models import Item, Roadmap
from tests import factories
from tests.conftest import NOW
from tests.roadmap.documents import HEAD, MUNICIPAL, municipal_plan, workbook
from tests.roadmap.stories import SCHOOLS, draft_of, order_of, row_counts
from tests.roadmap.test_imports_documents import contents
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]
HEADER = {"order_number": "15", "order_date": "2022-09-05", "title": "План района"}
OF_15 = ("--order", "15", "--dated", "2022-09-05", "--year", "2022")


@dataclass
class District:
    """Tambov district with its coordinator, under the region's roadmap in force for 2022/2023."""

    organization: Organization
    coordinator: User
    above: Roadmap


@pytest.fixture
def district(db: None) -> District:
    """The region as the portal knows it, one regional item."""
    directory = load_region()
    municipality = directory.by_code["tambovskiy"]
    factories.SchoolFactory(parent=municipality, inn="6820000000")
    above = draft_of(directory.ministry.region, order_of(("3.1", "Приказ", "До 20.10.2022 г.", SCHOOLS)), year=2022)
    approve(roadmap=above, by=None, now=NOW)
    return District(municipality, factories.person("nadezhda", "coordinator", municipality), above)


def run(path: Path, *arguments: str) -> dict[str, object]:
    out = io.StringIO()
    call_command("import_roadmap", str(path), *arguments, "--json", stdout=out)
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def added(roadmap: Roadmap) -> list[str]:
    return [item.number for item in Item.objects.filter(section__roadmap=roadmap) if not item.is_inherited]


def test_the_plan_reads_the_same_pasted_and_from_word() -> None:
    pasted, word = read_roadmap(MUNICIPAL), read_roadmap(read_document(municipal_plan(), "план.docx"))
    assert contents(word) == contents(pasted)
    assert (word.title, word.problems) == (pasted.title, pasted.problems)
    assert len(word.items) == 22


def plan_as(kind: str) -> dict[str, object]:
    """The plan as the form sends it."""
    if kind == "text":
        return {"text": MUNICIPAL}
    return {"document": SimpleUploadedFile("план.docx", municipal_plan())}


@pytest.mark.parametrize("kind", ["text", "docx"])
def test_the_coordinator_looks_at_how_the_plan_was_read_and_saves_it(
    district: District, browser_of: Browser, kind: str
) -> None:
    browser, above = browser_of(district.coordinator), district.above.pk
    before = row_counts()
    page = browser.post(reverse("roadmap:derive", args=[above]), HEADER | plan_as(kind))
    assert row_counts() == before
    said = body(page)
    assert "10 разделов, 22 мероприятия" in said
    assert "9.1" in said
    assert "Ответственный не указан" in said
    unnamed = browser.post(
        reverse("roadmap:derive", args=[above]), HEADER | plan_as(kind) | {"title": "Дорожная карта"}
    )
    assert str(unnamed.context["form"]["title"].value()).startswith("Муниципальный план работы по самоопределению")
    sent = HEADER | {"text": page.context["form"]["text"].value()}
    refused = browser.post(reverse("roadmap:derive_save", args=[above]), sent | {"order_number": ""})
    assert refused.status_code == 422
    assert "10 разделов" in body(refused)
    assert row_counts() == before
    answer = browser.post(reverse("roadmap:derive_save", args=[above]), sent, follow=True)
    assert "Проект подготовлен." in body(answer)
    own = Roadmap.objects.get(owner=district.organization)
    assert (own.parent, own.sections.count()) == (district.above, 1 + 10)
    assert (added(own)[0], len(added(own))) == ("М1.1", 22)
    again = browser.post(reverse("roadmap:derive_save", args=[above]), sent, follow=True)
    assert "уже есть" in body(again)
    assert Roadmap.objects.filter(owner=district.organization).count() == 1


def test_any_file_of_the_regional_door_is_taken_and_a_wrong_one_told(district: District, browser_of: Browser) -> None:
    browser, address = browser_of(district.coordinator), reverse("roadmap:derive", args=[district.above.pk])
    book = workbook("План", HEAD, ["1. Кадры"], ["1.1", "Слёт", "Май", "Отдел образования", "Проведён"])
    page = browser.post(address, HEADER | {"document": SimpleUploadedFile("план.xlsx", book)})
    assert "1 раздел, 1 мероприятие" in body(page)
    wrong = browser.post(address, HEADER | {"document": SimpleUploadedFile("план.pdf", b"%PDF-1.7")})
    assert wrong.status_code == 422
    assert "внутри документ PDF" in wrong.context["form"].errors["document"][0]
    empty = browser.post(address, HEADER | {"document": SimpleUploadedFile("план.txt", "Уважаемые коллеги!".encode())})
    assert "Не нашли" in empty.context["form"].errors["document"][0]
    assert not Roadmap.objects.exclude(owner=None).exists()


@pytest.mark.parametrize("named", ["tambovskiy", "6820000000"])
def test_the_command_makes_the_roadmap_of_an_organization(district: District, tmp_path: Path, named: str) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(municipal_plan())
    read = run(path, *OF_15, "--owner", named)
    own = Roadmap.objects.get(pk=str(read["roadmap"]))
    assert own.owner is not None
    assert (read["created"], read["owner"], own.parent) == (True, own.owner.name, district.above)
    assert named in (own.owner.code, own.owner.inn)
    assert len(added(own)) == 22
    again = run(path, *OF_15, "--owner", named)
    assert (again["roadmap"], again["created"]) == (read["roadmap"], False)


def test_the_command_says_why_it_cannot(district: District, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(MUNICIPAL, encoding="utf-8")
    before = row_counts()
    for arguments, said in (
        ((*OF_15, "--owner", "нет такого"), "нет действующего муниципалитета или школы"),
        ((*OF_15, "--owner", "ministry"), "нет действующего муниципалитета или школы"),
        ((*OF_15[:5], "2023", "--owner", "tambovskiy"), "На 2023/2024 учебный год нет действующей региональной"),
        ((*OF_15, "--owner", "tambovskiy", "--above", "7"), "по приказу № 7"),
    ):
        with pytest.raises(CommandError, match=said):
            run(path, *arguments)
    assert row_counts() == before
    beside = draft_of(district.above.region, order_of(("1.1", "А", "Май", SCHOOLS)), year=2022, order_number="99")
    approve(roadmap=beside, by=None, now=NOW, beside=True)
    with pytest.raises(CommandError, match="--above: 2381, 99"):
        run(path, *OF_15, "--owner", "tambovskiy")
    assert run(path, *OF_15, "--owner", "tambovskiy", "--above", "99", "--dry-run")["owner"] == str(
        district.organization.name
    )
