"""«Кому позвонить» and letters: who is overdue, whom one calls, what a municipality is written."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Region, User
from exports.building import run_export
from exports.models import Export
from obligations.models import CallNote, Obligation
from schools.calls.overdue import Contact
from schools.models import SchoolProfile
from tests import factories

Browser = Callable[[User], Client]
CALLS, LETTERS = "schools:calls", "schools:letters"


@pytest.fixture(autouse=True)
def _october(time_machine: Any, now: datetime) -> None:
    """It is noon on 16 October 2023."""
    time_machine.move_to(now)


@pytest.fixture
def browser_of() -> Browser:
    """Each person sits at a browser of their own."""

    def _browser_of(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return _browser_of


@pytest.fixture
def late(region: Region, today: date) -> Callable[..., Obligation]:
    """Let an organization be so many days late."""

    def _late(organization: Organization, days: int, **fields: Any) -> Obligation:
        requirement = factories.RequirementFactory(region=region, due_on=today - timedelta(days=days), **fields)
        return factories.ObligationFactory(requirement=requirement, organization=organization)

    return _late


def names(response: Any) -> list[str]:
    return [row.organization.short_name for row in response.context["rows"]]


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ")


def ready(export: Export, now: datetime) -> bytes:
    """Build an ordered file and return its bytes."""
    built = run_export(export_id=export.pk, clock=lambda: now)
    assert built is not None
    assert built.state == "ready", built.failure
    with built.file.open("rb") as file:
        return bytes(file.read())


@pytest.fixture
def three_late(
    late: Callable[..., Obligation],
    bondarskaya: Organization,
    pakhotnaya: Organization,
    lyceum: Organization,
    bondarsky: Organization,
) -> None:
    """Пахотная is twelve days late, Бондарская twice, the lyceum two days, the authority one."""
    late(pakhotnaya, 12, number="3.2", title="Разработка приказа")
    late(bondarskaya, 5, number="3.2", title="Разработка приказа")
    late(bondarskaya, 1, number="3.4", title="=HYPERLINK(1)")
    late(lyceum, 2, number="3.4")
    late(bondarsky, 1)


class TestTheList:
    def test_the_ministry_calls_those_first_who_are_overdue_longest(
        self, three_late: None, anna: User, browser_of: Browser, late: Callable[..., Obligation], ministry: Organization
    ) -> None:
        late(ministry, 90)  # one's own is on one's own list
        assert names(browser_of(anna).get(reverse(CALLS))) == [
            "Школа Пахотная",
            "Школа Бондарская",
            "Лицей областной",
            "Бондарский",
        ]

    def test_a_coordinator_calls_their_schools(
        self, three_late: None, boris: User, galina: User, browser_of: Browser
    ) -> None:
        assert names(browser_of(boris).get(reverse(CALLS))) == ["Школа Пахотная", "Школа Бондарская"]
        assert "Звонить некому" in text_of(browser_of(galina).get(reverse(CALLS)))

    def test_whom_to_call_stands_with_a_number_to_dial(
        self, three_late: None, pakhotnaya: Organization, ivan: User, boris: User, browser_of: Browser
    ) -> None:
        SchoolProfile.objects.create(
            organization=pakhotnaya, contact_name="Сидорова Нина Петровна", contact_phone="8 (475) 200-00-01"
        )
        Organization.objects.filter(pk=pakhotnaya.pk).update(phone="47534 2-15-60")
        User.objects.filter(pk=ivan.pk).update(last_name="Иванов", phone="+7 900 000-00-00")
        Membership.objects.filter(user=ivan).update(post="заместитель директора")
        page = text_of(browser_of(boris).get(reverse(CALLS)))
        for said in (
            'href="tel:+74752000001"',
            'href="tel:+79000000000"',
            'href="tel:4753421560"',
            "Сидорова Нина Петровна",
            "Иванов Ivan, заместитель директора",
            "Общий телефон",
            "самое давнее просрочено на 12 дней",
        ):
            assert said in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("longer_than=3", ["Школа Пахотная", "Школа Бондарская"]),
            ("longer_than=7", ["Школа Пахотная"]),
            ("number=3.4", ["Лицей областной", "Школа Бондарская"]),
            ("number=3.4&longer_than=3", []),
            ("longer_than=чушь&parent=0", ["Школа Пахотная", "Школа Бондарская", "Лицей областной", "Бондарский"]),
        ],
    )
    def test_the_address_keeps_what_is_wanted(
        self, query: str, found: list[str], three_late: None, anna: User, browser_of: Browser
    ) -> None:
        assert names(browser_of(anna).get(f"{reverse(CALLS)}?{query}")) == found

    def test_one_municipality_may_be_chosen(
        self, three_late: None, anna: User, bondarsky: Organization, browser_of: Browser
    ) -> None:
        answer = browser_of(anna).get(reverse(CALLS), {"parent": bondarsky.pk})
        assert names(answer) == ["Школа Пахотная", "Школа Бондарская"]

    def test_whoever_called_is_seen_by_all_and_the_school_left_in_peace_for_three_days(
        self,
        three_late: None,
        anna: User,
        boris: User,
        pakhotnaya: Organization,
        browser_of: Browser,
        time_machine: Any,
    ) -> None:
        address = f"{reverse('schools:call_noted', args=[pakhotnaya.pk])}?longer_than=3"
        answer = browser_of(boris).post(address, {"note": "Сдадут к пятнице"})
        assert answer.headers["Location"] == f"{reverse(CALLS)}?longer_than=3"
        page = browser_of(anna).get(reverse(CALLS))
        assert f"Звонили 16 октября 2023 г., 12:00, {boris}: Сдадут к пятнице" in text_of(page)
        assert "Школа Пахотная" not in names(browser_of(anna).get(reverse(CALLS), {"not_called": "on"}))
        time_machine.move_to(
            datetime(2023, 10, 20, 12, tzinfo=page.context["today"] and CallNote.objects.get().at.tzinfo)
        )
        assert "Школа Пахотная" in names(browser_of(anna).get(reverse(CALLS), {"not_called": "on"}))

    def test_who_was_called_is_named_in_full(
        self, three_late: None, anna: User, bondarsky: Organization, browser_of: Browser
    ) -> None:
        address = reverse("schools:call_noted", args=[bondarsky.pk])
        page = text_of(browser_of(anna).post(address, {"note": ""}, follow=True))
        assert f"Звонок отмечен: {bondarsky.name}." in page

    def test_three_debts_stand_open_and_the_others_are_folded(
        self, late: Callable[..., Obligation], pakhotnaya: Organization, boris: User, browser_of: Browser
    ) -> None:
        for days in (9, 7, 5, 3, 2):
            late(pakhotnaya, days, number=f"3.{days}")
        page = text_of(browser_of(boris).get(reverse(CALLS)))
        opened, _, folded = page.partition("<summary>Ещё 2 поручения")
        assert [number in opened for number in (">3.9 ", ">3.7 ", ">3.5 ", ">3.3 ", ">3.2 ")] == [True] * 3 + [
            False
        ] * 2
        assert folded.index(">3.3 ") < folded.index(">3.2 ") < folded.index("</details>")
        # The button to order the list stands above what can be many screens.
        assert opened.index("Этот список в Excel") < opened.index("call-list")

    def test_too_long_a_story_is_refused_and_a_stranger_finds_nothing(
        self, three_late: None, anna: User, viktor: User, elena: User, pakhotnaya: Organization, browser_of: Browser
    ) -> None:
        address = reverse("schools:call_noted", args=[pakhotnaya.pk])
        assert "не больше 500 знаков" in text_of(browser_of(anna).post(address, {"note": "ы" * 501}, follow=True))
        assert browser_of(viktor).post(address, {"note": "x"}).status_code == 404
        assert browser_of(elena).get(reverse(CALLS)).status_code == 403
        assert not CallNote.objects.exists()

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_list_takes_the_same_queries(
        self,
        rows: int,
        anna: User,
        bondarsky: Organization,
        late: Callable[..., Obligation],
        browser_of: Browser,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(rows):
            school = factories.SchoolFactory(parent=bondarsky)
            SchoolProfile.objects.create(organization=school, contact_name="Сидорова", contact_phone="8-475-200-00-01")
            factories.person(f"deputy{number}", "deputy", school)
            CallNote.objects.create(organization=school, by=anna, at=datetime.fromisoformat("2023-10-01T10:00+03:00"))
            for days in range(1, rows + 2):
                late(school, days)
        client = browser_of(anna)
        # Session, person, sign-in, seats; parents; count, organizations; orders, debts, profiles, people,
        # calls; the bell.
        with django_assert_num_queries(13):
            assert len(client.get(reverse(CALLS)).context["rows"]) == rows

    def test_the_list_goes_to_excel_as_it_is_filtered(
        self, three_late: None, anna: User, browser_of: Browser, now: datetime
    ) -> None:
        answer = browser_of(anna).post(
            reverse("exports:create"), {"report": "call_list", "format": "xlsx", "number": "3.4", "longer_than": "0"}
        )
        assert answer.status_code == 302
        sheet = load_workbook(BytesIO(ready(Export.objects.get(), now)))["Кому позвонить"]
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert [row[0] for row in cells if row[4] == 1] == ["Лицей областной", "Школа Бондарская"]

    def test_a_list_is_not_written_as_word(self, anna: User, browser_of: Browser) -> None:
        for report, file_format in (("call_list", "docx"), ("overdue_letters", "xlsx")):
            answer = browser_of(anna).post(reverse("exports:create"), {"report": report, "format": file_format})
            assert answer.status_code == 400
        assert not Export.objects.exists()

    @pytest.mark.parametrize("report", [("call_list", "xlsx"), ("overdue_letters", "docx")])
    def test_who_does_not_call_orders_no_list(
        self, report: tuple[str, str], elena: User, oleg: User, browser_of: Browser
    ) -> None:
        for person in (elena, oleg):
            sent = {"report": report[0], "format": report[1]}
            assert browser_of(person).post(reverse("exports:create"), sent).status_code == 404


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("8 (475) 200-00-01", "+74752000001"),
        ("+7 475 200-00-01 доб. 12", "+74752000001"),
        ("2-15-60", "21560"),
        ("нет", ""),
        ("112", ""),
        ("", ""),
    ],
)
def test_a_telephone_as_a_machine_dials_it(phone: str, dialled: str) -> None:
    assert Contact("", phone).dial == dialled


class TestLetters:
    FILLED = {
        "addressee": "Начальнику отдела образования\nИ. И. Ивановой",
        "signatory_post": "Министр",
        "signatory_name": "П. П. Петров",
        "postal_address": "392000, г. Тамбов, ул. Советская, д. 1",
        "executor_phone": "8 4752 11-22-33",
        "act_by": "2023-10-19",
    }

    def test_a_letter_names_the_overdue_schools_of_one_municipality(
        self,
        three_late: None,
        anna: User,
        ministry: Organization,
        bondarsky: Organization,
        browser_of: Browser,
        now: datetime,
    ) -> None:
        Organization.objects.filter(pk=ministry.pk).update(phone="8 4752 00-00-00", inn="6829000000")
        client, address = browser_of(anna), reverse("schools:letter", args=[bondarsky.pk])
        assert str(client.get(address).context["form"]["act_by"].value()) == "2023-10-19"
        answer = client.post(address, self.FILLED)
        export = Export.objects.get()
        assert answer.headers["Location"] == export.get_absolute_url()
        letter = docx.Document(BytesIO(ready(export, now)))

        head, table, end_of = letter.tables
        written = [*letter.paragraphs, *end_of.rows[0].cells[0].paragraphs]
        said = "\n".join(paragraph.text for paragraph in written).replace("\u00a0", " ")
        assert "Министерство образования и науки Тамбовской области\n392000, г. Тамбов" in said
        assert "тел. 8 4752 00-00-00" in said
        assert [paragraph.text for paragraph in head.rows[0].cells[1].paragraphs] == self.FILLED["addressee"].split(
            "\n"
        )
        assert "Всего просрочено 3 поручения у 2 организаций" in said
        assert "до 19 октября 2023 г. включительно" in said
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        assert rows[0] == ["№ п/п", "Мероприятие", "Срок", "Просрочено, дней"]
        assert rows[1:] == [
            ["Школа Бондарская"] * 4,
            ["1", "3.2 Разработка приказа", "11.10.2023", "5"],
            ["2", "3.4 =HYPERLINK(1)", "15.10.2023", "1"],
            ["Школа Пахотная"] * 4,
            ["3", "3.2 Разработка приказа", "04.10.2023", "12"],
        ]
        assert f"{anna.get_full_name()}, тел. 8 4752 11-22-33" in said
        # The name of an organization, the end of the table and the closing words stay with what follows.
        kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
        assert kept == [None, True, None, None, True, True]
        # In one row that is never cut: LibreOffice keeps no paragraph with a table that follows it.
        end = end_of.rows[0].cells[0]
        assert end_of.rows[0]._tr.get_or_add_trPr().find(qn("w:cantSplit")) is not None
        assert [cell.text for cell in end.tables[0].rows[0].cells] == ["Министр", "____________", "П. П. Петров"]
        assert "Лицей" not in said + str(rows)

    def test_what_was_typed_stands_in_the_next_letter(
        self, three_late: None, anna: User, bondarsky: Organization, browser_of: Browser
    ) -> None:
        address = reverse("schools:letter", args=[bondarsky.pk])
        browser_of(anna).post(address, self.FILLED)
        form = browser_of(anna).get(address).context["form"]
        assert {name: form[name].value() for name in self.FILLED if name != "act_by"} == {
            name: value for name, value in self.FILLED.items() if name != "act_by"
        }
        assert "Начальнику отдела образования" in text_of(browser_of(anna).get(reverse(LETTERS)))

    def test_to_all_there_is_one_file_a_page_to_each(
        self,
        three_late: None,
        anna: User,
        morshanskaya: Organization,
        late: Callable[..., Obligation],
        browser_of: Browser,
        now: datetime,
    ) -> None:
        late(morshanskaya, 4)
        filled = {name: value for name, value in self.FILLED.items() if name != "addressee"}
        assert browser_of(anna).post(reverse("schools:letter_all"), filled).status_code == 302
        letters = docx.Document(BytesIO(ready(Export.objects.get(), now)))
        assert len(letters.sections) == 2
        assert [table.rows[0].cells[1].text for table in letters.tables[::3]] == [
            "Организация «Бондарский»",
            "Организация «Моршанский»",
        ]

    @pytest.mark.parametrize(
        ("act_by", "said"),
        [
            ("2023-10-16", "не раньше завтрашнего"),
            ("2024-10-16", "не позже чем через три месяца"),
            ("2023-11-06", "выходной"),
            ("завтра", "Введите правильную дату"),
        ],
    )
    def test_a_day_that_cannot_be_is_refused(
        self, act_by: str, said: str, three_late: None, anna: User, bondarsky: Organization, browser_of: Browser
    ) -> None:
        answer = browser_of(anna).post(reverse("schools:letter", args=[bondarsky.pk]), self.FILLED | {"act_by": act_by})
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert not Export.objects.exists()

    def test_with_nothing_overdue_no_letter_is_written(
        self, anna: User, bondarsky: Organization, browser_of: Browser, now: datetime
    ) -> None:
        assert "Писать не о чем" in text_of(browser_of(anna).get(reverse(LETTERS)))
        browser_of(anna).post(reverse("schools:letter", args=[bondarsky.pk]), self.FILLED)
        built = run_export(export_id=Export.objects.get().pk, clock=lambda: now)
        assert built is not None
        assert (built.state, built.failure.split(":")[0]) == ("failed", "Писать не о чем")

    @pytest.mark.parametrize("sent", [{"municipality": "0"}, {"municipality": "9" * 30}, {"municipality": "x"}])
    def test_a_municipality_out_of_sight_does_not_exist(
        self, sent: dict[str, str], anna: User, browser_of: Browser
    ) -> None:
        order = {"report": "overdue_letters", "format": "docx"} | sent
        assert browser_of(anna).post(reverse("exports:create"), order).status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_municipalities_take_the_same_queries(
        self,
        rows: int,
        anna: User,
        ministry: Organization,
        late: Callable[..., Obligation],
        browser_of: Browser,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(rows):
            school = factories.SchoolFactory(parent=factories.MunicipalityFactory(parent=ministry))
            late(school, 2)
        client = browser_of(anna)
        # Session, person, sign-in, memberships; count, municipalities; the bell.
        with django_assert_num_queries(7):
            assert len(client.get(reverse(LETTERS)).context["page"]) == rows
