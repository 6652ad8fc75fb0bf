"""«Загрузка школ»: upload, preview, import; who may; what is kept and for how long."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Region, User
from obligations.models import Notice
from schools.actions import requeue_lost
from schools.imports.columns import SCHOOLS
from schools.imports.jobs import run_import
from schools.imports.reading import read_list
from schools.models import SchoolImport, SchoolUpload
from schools.tasks import import_list, sweep_uploads
from tests import factories
from tests.schools.conftest import Import
from tests.schools.lists import inn, listed, school, workbook

SignIn = Callable[[User], Client]
UPLOAD = "schools:import"
PREVIEW_QUERIES = 14


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def upload(client: Client, data: bytes, *, name: str = "Школы.xlsx", year: int = 2023, **more: Any) -> Any:
    fields = {"academic_year": year, "list_file": SimpleUploadedFile(name, data), **more}
    return client.post(reverse(UPLOAD), fields)


def kept_files(settings: LazySettings) -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "school-lists"
    return list(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def zoyas(sign_in: SignIn, zoya: User, bondarsky: Organization) -> Client:
    """Zoya's browser."""
    return sign_in(zoya)


def work_off(kept: SchoolUpload) -> SchoolUpload:
    """Do what the worker does when the message comes."""
    done = run_import(upload_id=kept.pk, clock=timezone.now)
    assert done is not None
    return done


def confirm(client: Client, kept: SchoolUpload, **seen: int) -> Any:
    """Press «Загрузить», let the worker do it, and follow to where the page leads then."""
    client.post(reverse("schools:import_confirm", args=[kept.pk]), seen)
    work_off(kept)
    return client.get(kept.get_absolute_url(), follow=True)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """What is left to the end of a transaction happens."""
    return django_capture_on_commit_callbacks(execute=True)


def test_the_page_says_what_is_wanted(zoyas: Client) -> None:
    page = text(zoyas.get(reverse(UPLOAD)))
    assert "Проверить файл" in page
    assert "до 20 МБ" in page
    assert "Полное наименование ОО" in page
    assert reverse("schools:import_template") in page


def test_from_the_file_over_the_preview_into_the_registry(
    zoyas: Client, zoya: User, region: Region, settings: LazySettings, committed: Any
) -> None:
    answer = upload(zoyas, workbook(school(1), school(2)))
    kept = SchoolUpload.objects.get()
    assert answer["Location"] == kept.get_absolute_url()
    assert (kept.by, kept.region, kept.academic_year, kept.filename) == (zoya, region, 2023, "Школы.xlsx")
    (stored,) = kept_files(settings)
    assert stored.name == str(kept.pk)

    for _ in range(2):  # refreshing loses nothing
        page = text(zoyas.get(kept.get_absolute_url()))
        assert "Новые школы: 2" in page
        assert "Школа № 1" in page
        assert "Загрузить" in page
    assert not Organization.objects.schools().exists()

    answer = zoyas.post(
        reverse("schools:import_confirm", args=[kept.pk]), {"created": 2, "changed": 0, "unchanged": 0}, follow=True
    )
    status = reverse("schools:import_status", args=[kept.pk])
    assert f'hx-get="{status}"' in text(answer)
    assert not Organization.objects.schools().exists()
    with committed:
        work_off(kept)
    assert zoyas.get(status)["HX-Refresh"] == "true"
    page = text(zoyas.get(kept.get_absolute_url(), follow=True))
    assert "Список загружен" in page
    assert "Пока страница была открыта" not in page
    notice = Notice.objects.get(user=zoya)
    assert notice.text == "«Школы.xlsx» — создано: 2, изменено: 0, без изменений: 0"
    assert notice.url == SchoolImport.objects.get().get_absolute_url()
    assert Organization.objects.schools().count() == 2
    record = SchoolImport.objects.get()
    assert (record.by, record.filename, record.created) == (zoya, "Школы.xlsx", 2)
    assert kept_files(settings) == []
    for page in (UPLOAD, "schools:imports"):
        assert "Школы.xlsx" in text(zoyas.get(reverse(page)))


def test_pressing_twice_imports_once(zoyas: Client) -> None:
    upload(zoyas, workbook(school(1)))
    kept = SchoolUpload.objects.get()
    confirm(zoyas, kept)
    again = reverse("schools:import_confirm", args=[kept.pk])
    assert "Этот файл уже загружен или загружается." in text(zoyas.post(again, follow=True))
    assert run_import(upload_id=kept.pk, clock=timezone.now) is None
    assert SchoolImport.objects.count() == 1


def test_a_registry_that_changed_meanwhile_is_counted_anew(zoyas: Client, bring_in: Import) -> None:
    upload(zoyas, workbook(school(1), school(2)))
    kept = SchoolUpload.objects.get()
    bring_in(listed(school(1)))
    page = text(confirm(zoyas, kept, created=2, changed=0, unchanged=0))
    assert "Пока страница была открыта, реестр изменился" in page
    assert "При проверке было: создать 2, изменить 0, без изменений 0." in page
    assert SchoolImport.objects.filter(created=1, unchanged=1).count() == 1


def test_a_registry_that_changed_so_that_the_list_is_wrong_refuses_it(
    zoyas: Client, bondarsky: Organization, settings: LazySettings
) -> None:
    upload(zoyas, workbook(school(1)))
    kept = SchoolUpload.objects.get()
    Organization.objects.filter(pk=bondarsky.pk).update(is_active=False)
    page = text(confirm(zoyas, kept))
    assert "Ничего не загружено" in page
    assert "Муниципалитета «Бондарский» нет в регионе." in page
    assert not Organization.objects.schools().exists()
    assert kept_files(settings)
    # Set right, the same file is asked for again.
    Organization.objects.filter(pk=bondarsky.pk).update(is_active=True)
    assert "Список загружен" in text(confirm(zoyas, kept))


def test_a_worker_that_died_is_followed_by_another_and_the_list_comes_in_once(
    zoyas: Client, monkeypatch: pytest.MonkeyPatch, committed: Any
) -> None:
    upload(zoyas, workbook(school(1)))
    kept = SchoolUpload.objects.get()
    zoyas.post(reverse("schools:import_confirm", args=[kept.pk]))

    def killed(*_args: Any, **_kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("schools.imports.jobs.tell_person", killed)
        with pytest.raises(SystemExit):
            work_off(kept)
    kept.refresh_from_db()
    assert (kept.state, kept.outcome) == ("running", None)
    assert not Organization.objects.schools().exists()

    sent: list[tuple[object, ...]] = []

    def send(*message: object) -> bool:
        sent.append(message)
        return True

    monkeypatch.setattr("accounts.queue.send", send)
    assert requeue_lost(now=timezone.now()) == 0
    assert requeue_lost(now=timezone.now() + timedelta(minutes=16)) == 1
    assert sent == [("schools.tasks.import_list", str(kept.pk))]
    import_list(str(kept.pk))
    import_list(str(kept.pk))
    assert SchoolImport.objects.get().created == 1
    assert Organization.objects.schools().count() == 1

    # One that kills every worker is given up and told of.
    upload(zoyas, workbook(school(2)))
    SchoolUpload.objects.exclude(pk=kept.pk).update(state="queued", queued_at=timezone.now(), attempts=3)
    requeue_lost(now=timezone.now() + timedelta(minutes=4))
    assert "обработчик прерывался трижды" in SchoolUpload.objects.get(state="failed").failure


def test_a_wrong_list_shows_all_its_errors_and_no_button(zoyas: Client) -> None:
    upload(zoyas, workbook(school(1), school(2, level="50", contact_email="нет"), school(3, inn=inn(1))))
    kept = SchoolUpload.objects.get()
    page = text(zoyas.get(kept.get_absolute_url()))
    assert "В списке 3 ошибки" in page
    for place in ("строка 3", "строка 4", "<strong>E</strong>", "<strong>I</strong>", "<strong>D</strong>"):
        assert place in page
    assert reverse("schools:import_confirm", args=[kept.pk]) not in page
    assert "Ничего не загружено" in text(confirm(zoyas, kept))
    assert not Organization.objects.schools().exists()
    assert not SchoolImport.objects.exists()


def test_changes_are_shown_as_they_were_and_as_they_will_be(zoyas: Client, bring_in: Import) -> None:
    bring_in(listed(school(1), school(2)))
    upload(zoyas, workbook(school(1, contact_name="<b>Новикова</b> Мария"), school(2)))
    page = text(zoyas.get(SchoolUpload.objects.get().get_absolute_url()))
    assert '<span class="visually-hidden">было </span>Петрова Анна 1</del>' in page
    assert '<span class="visually-hidden">стало </span>&lt;b&gt;Новикова&lt;/b&gt; Мария</ins>' in page
    assert "Изменения: 1" in page
    assert "Без изменений: 1" in page


def test_a_long_list_shows_fifty_rows_of_each_kind(zoyas: Client) -> None:
    upload(zoyas, workbook(*(school(number) for number in range(1, 61))))
    page = text(zoyas.get(SchoolUpload.objects.get().get_absolute_url()))
    assert "Показаны первые 50." in page
    assert "строка 51<" in page
    assert "строка 52<" not in page


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("Школы.pdf", b"%PDF-1.7\n", "Файл с расширением .pdf не принимаем."),
        ("Школы.xlsx", b"%PDF-1.7\n", "Это не таблица"),
        ("Школы.xlsx", b"", "Файл пустой"),
        ("Школы.csv", "Яблоки;Груши\n1;2\n".encode(), "Не нашли строку заголовков"),
    ],
)
def test_a_file_that_is_no_list_is_refused_at_the_form(
    zoyas: Client, settings: LazySettings, name: str, data: bytes, words: str
) -> None:
    answer = upload(zoyas, data, name=name)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not SchoolUpload.objects.exists()
    assert kept_files(settings) == []


def test_a_file_of_fifty_megabytes_is_refused_with_its_size(zoyas: Client, settings: LazySettings) -> None:
    answer = upload(zoyas, b"\0" * (50 * 1024 * 1024))
    assert answer.status_code == 422
    assert "Файл слишком большой: 50 МБ, а принимаем не более 20 МБ." in text(answer)
    assert kept_files(settings) == []


def test_the_form_asks_for_a_file_and_for_a_year_there_is(zoyas: Client) -> None:
    answer = zoyas.post(reverse(UPLOAD), {"academic_year": "1999"})
    assert answer.status_code == 422
    assert "Выберите файл." in text(answer)
    assert "1999" in text(answer)


def test_lists_nobody_came_back_for_go_after_a_day(zoyas: Client, settings: LazySettings, committed: Any) -> None:
    upload(zoyas, workbook(school(1)))
    upload(zoyas, workbook(school(2)))
    old = SchoolUpload.objects.order_by("pk")[0]
    SchoolUpload.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=1, minutes=1))
    with committed:
        sweep_uploads()
    (left,) = SchoolUpload.objects.all()
    assert [file.name for file in kept_files(settings)] == [str(left.pk)]
    assert zoyas.get(old.get_absolute_url()).status_code == 404


def test_a_lost_or_altered_file_is_not_imported(zoyas: Client, settings: LazySettings) -> None:
    upload(zoyas, workbook(school(1)))
    kept = SchoolUpload.objects.get()
    (file,) = kept_files(settings)
    file.chmod(0o640)
    file.write_bytes(workbook(school(1), school(2)))
    assert "Файл больше не хранится." in text(zoyas.get(kept.get_absolute_url()))
    file.unlink()
    page = text(confirm(zoyas, kept))
    assert "Файл больше не хранится." in page
    assert not Organization.objects.schools().exists()


class TestWhoMay:
    """Administrators of the region, each with their own files."""

    @pytest.fixture
    def kept(self, zoyas: Client) -> SchoolUpload:
        upload(zoyas, workbook(school(1)))
        return SchoolUpload.objects.get()

    def addresses(self, kept: SchoolUpload) -> list[tuple[str, str]]:
        return [
            ("get", reverse(UPLOAD)),
            ("post", reverse(UPLOAD)),
            ("get", reverse("schools:import_template")),
            ("get", reverse("schools:imports")),
            ("get", kept.get_absolute_url()),
            ("post", reverse("schools:import_confirm", args=[kept.pk])),
            ("get", reverse("schools:import_status", args=[kept.pk])),
        ]

    @pytest.mark.parametrize("name", ["anna", "oleg", "boris", "elena", "viktor"])
    def test_others_are_refused(
        self, kept: SchoolUpload, sign_in: SignIn, request: pytest.FixtureRequest, name: str
    ) -> None:
        client = sign_in(cast("User", request.getfixturevalue(name)))
        *doors, own_preview, own_confirm, own_status = self.addresses(kept)
        for method, address in doors:
            assert getattr(client, method)(address).status_code == 403, address
        for method, address in (own_preview, own_confirm, own_status):
            assert getattr(client, method)(address).status_code == 404, address
        assert not SchoolImport.objects.exists()

    def test_strangers_are_sent_to_sign_in(self, kept: SchoolUpload) -> None:
        for method, address in self.addresses(kept):
            answer = getattr(Client(), method)(address)
            assert answer["Location"].startswith(reverse("accounts:login")), address

    def test_an_administrator_does_not_see_anothers_file(
        self, kept: SchoolUpload, sign_in: SignIn, ministry: Organization, stranger_ministry: Organization
    ) -> None:
        for person in (
            factories.person("zinaida", "administrator", ministry),
            factories.person("vera", "administrator", stranger_ministry),
        ):
            client = sign_in(person)
            assert client.get(kept.get_absolute_url()).status_code == 404
            assert client.post(reverse("schools:import_confirm", args=[kept.pk])).status_code == 404

    def test_who_is_administrator_no_more_imports_no_more(self, kept: SchoolUpload, zoyas: Client, zoya: User) -> None:
        zoyas.post(reverse("schools:import_confirm", args=[kept.pk]))
        Membership.objects.filter(user=zoya).update(ended_on="2023-10-01")
        assert zoyas.post(reverse("schools:import_confirm", args=[kept.pk])).status_code == 404
        # Asked for before, it is not done afterwards either.
        assert "больше не ведёте реестр" in work_off(kept).failure
        assert not Organization.objects.schools().exists()

    def test_imports_of_another_region_are_not_shown(
        self, zoyas: Client, kept: SchoolUpload, sign_in: SignIn, stranger_ministry: Organization
    ) -> None:
        confirm(zoyas, kept)
        veras = sign_in(factories.person("vera", "administrator", stranger_ministry))
        assert "Школы.xlsx" not in text(veras.get(reverse(UPLOAD)))
        assert "Школы.xlsx" not in text(veras.get(reverse("schools:imports")))
        assert veras.get(SchoolImport.objects.get().get_absolute_url()).status_code == 404

    def test_an_administrator_of_two_regions_chooses(
        self, zoyas: Client, zoya: User, stranger_ministry: Organization
    ) -> None:
        Membership.objects.create(user=zoya, organization=stranger_ministry, role="administrator")
        assert 'name="region"' in text(zoyas.get(reverse(UPLOAD)))
        upload(zoyas, workbook(school(1, municipality="Региональное подчинение")), region=stranger_ministry.region_id)
        confirm(zoyas, SchoolUpload.objects.get())
        assert Organization.objects.schools().get().parent == stranger_ministry

    def test_the_hosts_own_administrator_may(self, client: Client, bondarsky: Organization) -> None:
        client.force_login(User.objects.create_superuser("root@example.test", "profminimum-2023"))
        assert upload(client, workbook(school(1))).status_code == 302

    def test_with_no_region_there_is_nothing_to_import_into(self, client: Client, db: None) -> None:
        client.force_login(User.objects.create_superuser("root@example.test", "profminimum-2023"))
        assert "Загружать пока некуда" in text(client.get(reverse(UPLOAD)))
        assert client.get(reverse("schools:import_template")).status_code == 403


def test_the_template_is_read_back_and_offers_what_there_is(
    zoyas: Client, morshansky: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Session, person, memberships; region, municipalities, levels.
    with django_assert_num_queries(6):
        answer = zoyas.get(reverse("schools:import_template"))
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet, choices = book.worksheets
    assert [cell.value for cell in choices["A"]] == ["Бондарский", "Моршанский", "Региональное подчинение"]
    assert choices.sheet_state == "hidden"
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["D"].number_format == "@"
    empty = read_list(answer.content, "t.xlsx")
    assert [problem.message for problem in empty.problems] == ["Под строкой заголовков нет ни одной школы."]
    titles = {str(cell.value): at for at, cell in enumerate(sheet[1], start=1)}
    for name, value in school(1).items():
        sheet.cell(2, titles[SCHOOLS.titles[name]], value)
    out = io.BytesIO()
    book.save(out)
    filled = read_list(out.getvalue(), "t.xlsx")
    assert not filled.problems
    assert dict(filled.rows[0].cells) == school(1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_takes_the_same_queries_for_any_number_of_rows(
    zoyas: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    upload(zoyas, workbook(*(school(number) for number in range(1, rows + 1))))
    kept = SchoolUpload.objects.get()
    # Session, person, memberships, upload; heads that were explained; a savepoint; six to read the registry.
    with django_assert_num_queries(PREVIEW_QUERIES):
        zoyas.get(kept.get_absolute_url())
