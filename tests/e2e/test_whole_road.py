"""The whole road with real clicks: from the minister's order to a regional report."""

import mailbox
from collections.abc import Callable
from email.header import decode_header, make_header
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import Membership, Organization, User
from accounts.reference import load_region
from obligations.models import Obligation
from roadmap.models import Item, Roadmap
from tests import factories
from tests.e2e.axe import violations
from tests.e2e.conftest import Installation
from tests.e2e.reviews import stage_reviews
from tests.obligations import samples

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FIXTURES = Path(settings.BASE_DIR) / "fixtures"
Enter = Callable[[str], Page]


def staff() -> tuple[User, User, User]:
    """Employ Anna of the ministry, Zoya the administrator and Boris, who coordinates Бондарский."""
    directory = load_region()
    bondarskiy = directory.by_code["bondarskiy"]
    return (
        factories.person("anna", "ministry", directory.ministry),
        factories.person("zoya", "administrator", directory.ministry),
        factories.person("boris", "coordinator", bondarskiy),
    )


def test_the_whole_road(enter: Enter, installation: Installation, tmp_path: Path) -> None:
    staff()
    zoya, anna = enter("zoya@example.test"), enter("anna@example.test")

    # The order goes in as a pasted Word table and is approved; the schools come in from Excel.
    paste_and_approve(anna)
    import_schools(zoya)
    roadmap = Roadmap.objects.get()
    assert roadmap.state == "approved"
    school = Organization.objects.schools().filter(parent__code="bondarskiy").order_by("pk")[0]
    factories.person("elena", "deputy", school)
    obligation = Obligation.objects.get(organization=school, requirement__number="3.2")

    # Elena hands in, Boris returns it, Elena hands in again, Boris accepts.
    elena, boris = enter("elena@example.test"), enter("boris@example.test")
    hand_in(elena, obligation, tmp_path, "Приказ утверждён 12.07.2023.")
    return_it(boris, obligation, "Нет подписи директора. Приложите подписанный экземпляр.")
    elena.goto(installation.url + obligation.get_absolute_url())
    expect(elena.get_by_text("Нет подписи директора").first).to_be_visible()
    hand_in(elena, obligation, tmp_path, "Приложен подписанный приказ.", name="signed.pdf")
    accept_it(boris, obligation)
    obligation.refresh_from_db()
    assert obligation.state == "accepted"
    assert [step.act for step in obligation.steps.all()] == ["submit", "return", "submit", "accept"]

    # The rest is overdue: the chase writes to each of them once.
    installation.manage("chase_overdue", "--today", "2023-11-20")
    installation.manage("chase_overdue", "--today", "2023-11-20")
    letters = {
        letter["To"]: str(make_header(decode_header(letter["Subject"])))
        for letter in mailbox.Maildir(str(installation.mailbox))
    }
    assert len(list(mailbox.Maildir(str(installation.mailbox)))) == len(letters)
    assert {"elena@example.test", "boris@example.test", "anna@example.test"} <= set(letters)
    assert "просрочен" in letters["elena@example.test"]

    # Anna takes the report away, as Excel and as PDF; cells and text are read back.
    workbook = openpyxl.load_workbook(download_report(anna, "Скачать Excel", tmp_path / "report.xlsx"))
    cells = [
        cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    assert any("2381" in str(cell) for cell in cells)
    assert Obligation.objects.in_force().count() in cells
    assert workbook.sheetnames
    text = "".join(
        page.extract_text() for page in PdfReader(download_report(anna, "Скачать PDF", tmp_path / "r.pdf")).pages
    )
    assert "2381" in text
    assert "О ходе исполнения" in text


def test_pages_are_accessible_and_fit_a_phone(enter: Enter, installation: Installation) -> None:
    """Every role's pages: axe finds nothing, and at 320 px nothing has to be scrolled sideways."""
    installation.manage("load_demo")
    for user in User.objects.filter(email__endswith="@demo.example", is_active=True).exclude(password__startswith="!"):
        user.set_password("profminimum-2023")
        user.save()
    post = Membership.objects.filter(user__email="deputy@demo.example")[0]
    archive, current = Roadmap.objects.regional().order_by("academic_year").values_list("pk", flat=True)
    known = {
        "archive": archive,
        "current": current,
        "item": Item.objects.filter(section__roadmap=current)[0].pk,
        "post": post.pk,
        "elena": post.user_id,
        "school": post.organization_id,
        **stage_reviews(),
    }
    found = []
    for email, paths in PAGES.items():
        page = enter(email)
        for path in (pattern.format(**known) for pattern in paths):
            page.set_viewport_size({"width": 1280, "height": 900})
            response = page.goto(installation.url + path)
            assert response is not None
            assert response.status == 200, f"{email} {path}: {response.status}"
            found += [f"{email} {path}: {violation}" for violation in violations(page)]
            page.set_viewport_size({"width": 320, "height": 700})
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                found.append(f"{email} {path}: {width} px wide on a phone of 320")
    assert found == []


PAGES = {
    "ministry@demo.example": [
        "/",
        "/roadmaps/",
        "/roadmaps/import/",
        "/roadmaps/{archive}/",
        "/roadmaps/{current}/?state=overdue&sort=-overdue",
        "/roadmaps/{current}/?q=ничего-такого",
        "/roadmaps/{current}/matrix/",
        "/roadmaps/{current}/matrix/?measure=overdue&sort=overdue",
        "/roadmaps/{current}/timeline/",
        "/roadmaps/{archive}/calendar/?month=2023-10",
        "/roadmaps/items/{item}/",
        "/roadmaps/items/{item}/?by=organizations",
        "/obligations/",
        "/obligations/inbox/",
        "/obligations/returns/",
        "/obligations/reminders/",
        "/reporting/roadmap/",
        "/schools/",
        "/exports/",
        "/profile/",
    ],
    "coordinator@demo.example": [
        "/",
        "/obligations/inbox/",
        "/obligations/{changed}/",
        "/obligations/{changed}/history/",
        "/obligations/{changed}/reassign/",
        "/obligations/{sent_back}/",
        "/obligations/extensions/",
        "/obligations/extensions/{request}/",
        "/obligations/returns/",
        "/obligations/notices/",
        "/reporting/roadmap/",
        "/schools/",
        "/schools/calls/",
        "/roadmaps/{current}/",
    ],
    "deputy@demo.example": [
        "/",
        "/obligations/",
        "/obligations/?group=returned",
        "/obligations/{sent_back}/",
        "/obligations/{sent_back}/history/",
        "/obligations/evidence/{piece}/replace/",
        "/obligations/{changed}/",
        "/obligations/{asking}/",
        "/obligations/{untouched}/extension/",
        "/obligations/{untouched}/nil/",
        "/obligations/notices/",
        "/obligations/preferences/",
        "/roadmaps/{current}/",
        "/roadmaps/{current}/calendar/",
        "/exports/",
    ],
    "lyceum@demo.example": ["/", "/obligations/"],
    "operator@demo.example": ["/", "/obligations/", "/reporting/roadmap/"],
    "admin@demo.example": [
        "/",
        "/schools/",
        "/schools/import/",
        "/people/",
        "/people/?signed=never",
        "/people/invitations/",
        "/people/invite-schools/",
        "/people/{elena}/",
        "/people/organizations/{school}/",
        "/people/organizations/{school}/invite/",
        "/people/posts/{post}/hand-over/",
        "/profile/second-factor/",
    ],
}


def paste_and_approve(anna: Page) -> None:
    """Paste annex 1, look at how it was read, save the draft, approve it."""
    anna.get_by_role("link", name="Дорожные карты").first.click()
    anna.get_by_role("link", name="Загрузить дорожную карту").first.click()
    anna.get_by_label("Текст приложения").fill((FIXTURES / "roadmap_2381.txt").read_text(encoding="utf-8"))
    anna.get_by_role("button", name="Прочитать").click()
    expect(anna.get_by_text("4 раздела")).to_be_visible()
    expect(anna.get_by_text("44 мероприятия").first).to_be_visible()
    anna.get_by_label("Номер приказа").fill("2381")
    anna.get_by_label("Дата приказа").fill("2023-08-25")
    anna.get_by_label("Учебный год").select_option("2023")
    anna.get_by_role("button", name="Сохранить проект").click()
    anna.get_by_role("link", name="Проверить и утвердить").click()
    anna.get_by_role("button", name="Утвердить").click()
    expect(anna.get_by_role("heading", level=1)).to_contain_text("2023/2024")


def import_schools(zoya: Page) -> None:
    """Load the sample of 500 schools: upload, look at the preview, confirm."""
    zoya.get_by_role("link", name="Загрузка списков").first.click()
    zoya.get_by_label("Учебный год").select_option("2023")
    zoya.locator("input[type=file]").set_input_files(str(FIXTURES / "schools_sample.xlsx"))
    zoya.get_by_role("button", name="Проверить файл").click()
    expect(zoya.get_by_text("500").first).to_be_visible()
    zoya.get_by_role("button", name="Загрузить").click()
    # A worker brings it in; the page asks how far it is and turns into what came of it.
    zoya.get_by_role("heading", name="Список загружен", exact=True).wait_for()
    assert Organization.objects.schools().count() == 500


def hand_in(page: Page, obligation: Obligation, folder: Path, note: str, name: str = "order.pdf") -> None:
    """Open an obligation from the to-do list, attach a file and a note, hand it in."""
    document = folder / name
    document.write_bytes(samples.pdf(name))
    page.get_by_role("link", name="Мои поручения").first.click()
    page.goto(page.url.split("/obligations/")[0] + obligation.get_absolute_url())
    page.locator("input[type=file]").set_input_files(str(document))
    page.get_by_label("Пояснение").fill(note)
    page.get_by_role("button", name="Сдать на проверку").click()
    expect(page.get_by_text("Ждёт проверки")).to_be_visible()


def return_it(page: Page, obligation: Obligation, comment: str) -> None:
    """Find the submission in the inbox and return it with a reason."""
    page.get_by_role("link", name="На проверку").first.click()
    page.get_by_role("link", name=obligation.requirement.title[:40]).first.click()
    page.get_by_text("Вернуть на доработку").first.click()
    page.get_by_label("Причина").select_option("not_signed")
    page.get_by_label("Что исправить").fill(comment)
    page.get_by_role("button", name="Вернуть на доработку").click()
    expect(page.get_by_text("Возвращено на доработку").first).to_be_visible()


def accept_it(page: Page, obligation: Obligation) -> None:
    """Find the second submission in the inbox, see what changed, accept."""
    page.get_by_role("link", name="На проверку").first.click()
    page.get_by_role("link", name=obligation.requirement.title[:40]).first.click()
    expect(page.get_by_text("Что изменилось с прошлой сдачи")).to_be_visible()
    page.get_by_role("button", name="Принять и перейти к следующему").click()
    expect(page.get_by_text("Принято").first).to_be_visible()


def download_report(page: Page, button: str, path: Path) -> Path:
    """Order the report, watch it being built, download it."""
    page.get_by_role("link", name="Ход исполнения").first.click()
    page.goto(page.url.split("?")[0] + "?year=2023")
    page.get_by_role("button", name=button).click()
    link = page.get_by_role("link", name="Скачать")
    link.first.wait_for(timeout=120_000)
    with page.expect_download() as download:
        link.first.click()
    download.value.save_as(path)
    return path
