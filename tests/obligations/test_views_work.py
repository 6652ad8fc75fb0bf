"""The owner's pages: the to-do list, one obligation, the answer, attachments."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization, User
from obligations.models import Evidence, Obligation, Requirement, ReviewStep
from obligations.states import Act, State
from obligations.workflow import advance
from tests import factories
from tests.obligations import samples
from tests.obligations.samples import upload

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("october")


def page(browser: Client, name: str, *args: object, **query: str | int) -> str:
    response = browser.get(reverse(f"obligations:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def send(browser: Client, name: str, pk: int, **data: Any) -> Any:
    return browser.post(reverse(f"obligations:{name}", args=[pk]), data)


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def stored_files(settings: LazySettings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def owe(bondarskaya: Organization, today: date) -> Callable[..., Obligation]:
    """Let Школа Бондарская owe another item, due in so many days."""

    def _owe(number: str, days: int, state: State = State.OPEN, **fields: Any) -> Obligation:
        requirement = factories.RequirementFactory(
            region=bondarskaya.region, number=number, due_on=today + timedelta(days=days), **fields
        )
        now = factories.LONG_AGO
        return factories.ObligationFactory(
            requirement=requirement, organization=bondarskaya, state=state, submitted_at=now, decided_at=now
        )

    return _owe


# --- the to-do list ---------------------------------------------------------------------------
def test_elenas_list_puts_what_burns_first_in_named_groups(
    owe: Callable[..., Obligation], elena: User, browser_of: Browser
) -> None:
    owe("1.1", 40), owe("1.2", 3), owe("1.3", -2), owe("1.4", 10, State.RETURNED)
    owe("1.5", 5, State.SUBMITTED), owe("1.6", 5, State.ACCEPTED), owe("1.7", 5, State.CANCELLED)
    listed = page(browser_of(elena), "todo")
    order = ["Просрочено</h2>", "1.3 ", "На доработке</h2>", "1.4 ", "Сегодня и на неделе</h2>", "1.2 "]
    order += ["Позже</h2>", "1.1 ", "На проверке</h2>", "1.5 ", "Принято</h2>", "1.6 "]
    places = [listed.index(f"{mark}" if "<" in mark else f">{mark}") for mark in order]
    assert places == sorted(places)
    assert "Мероприятие 1.7" not in listed
    assert "Начните с просроченных: их 1" in listed


def test_the_list_is_narrowed_by_group_and_year(
    owe: Callable[..., Obligation], elena: User, browser_of: Browser
) -> None:
    owe("1.1", 40), owe("1.3", -2), owe("1.7", 5, State.CANCELLED), owe("8.8", -300, academic_year=2022)
    browser = browser_of(elena)
    overdue = page(browser, "todo", group="overdue")
    assert "Мероприятие 1.3" in overdue
    assert "Мероприятие 1.1" not in overdue
    assert "Мероприятие 1.7" in page(browser, "todo", group="cancelled")
    this_year = page(browser, "todo")
    assert "Мероприятие 8.8" not in this_year
    assert "За прошлые учебные годы не закрыто: 1" in this_year
    last_year = page(browser, "todo", year="2022")
    assert "Мероприятие 8.8" in last_year
    assert "Мероприятие 1.1" not in last_year


@pytest.mark.parametrize("query", [{"year": "soon"}, {"group": "burning"}, {"organization": "0"}, {"page": "last one"}])
def test_a_filter_that_makes_no_sense_shows_the_default(
    owe: Callable[..., Obligation], elena: User, browser_of: Browser, query: dict[str, str]
) -> None:
    owe("1.1", 40)
    assert "Мероприятие 1.1" in page(browser_of(elena), "todo", **query)


def test_who_serves_two_schools_chooses_between_them(
    owe: Callable[..., Obligation], requirement: Requirement, elena: User, pakhotnaya: Organization, browser_of: Browser
) -> None:
    owe("1.1", 40)
    factories.ObligationFactory(requirement=requirement, organization=pakhotnaya)
    Membership.objects.create(user=elena, organization=pakhotnaya, role="deputy")
    browser = browser_of(elena)
    both = page(browser, "todo")
    assert "Мероприятие 1.1" in both
    assert requirement.title in both
    one = page(browser, "todo", organization=pakhotnaya.pk)
    assert "Мероприятие 1.1" not in one
    assert requirement.title in one


def test_a_long_list_comes_in_pages(owe: Callable[..., Obligation], elena: User, browser_of: Browser) -> None:
    for number in range(30):
        owe(f"7.{number + 1}", 30)
    browser = browser_of(elena)
    assert page(browser, "todo").count('class="task"') == 25
    assert page(browser, "todo", page=2).count('class="task"') == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_however_long(
    owe: Callable[..., Obligation], elena: User, browser_of: Browser, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        owe(f"1.{number + 1}", 3)
    browser = browser_of(elena)
    # session, user, memberships; years; how many; the rows; the counts
    with django_assert_num_queries(8):
        page(browser, "todo")


def test_nothing_owed_says_so(elena: User, zoya: User, browser_of: Browser) -> None:
    assert "Поручений нет" in page(browser_of(elena), "todo")
    assert "Поручений нет" in page(browser_of(zoya), "todo")


# --- one obligation ---------------------------------------------------------------------------
def test_the_page_says_what_is_asked_by_whom_by_when_and_what_to_do(
    obligation: Obligation, requirement: Requirement, elena: User, browser_of: Browser
) -> None:
    requirement.expected_result = "Приказ образовательной организации"
    requirement.deadline_text = "До 20.10.2023 г."
    requirement.save()
    shown = page(browser_of(elena), "detail", obligation.pk)
    for said in (
        requirement.title,
        "приказ № 2381 от 25.08.2023",
        "Приказ образовательной организации",
        "20\u00a0октября\u00a02023\u00a0г.",
        "через\u00a04\u00a0дня",
        "До 20.10.2023 г.",
        "Бондарский",
        "Сдать на проверку",
        "Сохранить черновик",
    ):
        assert said in shown
    assert shown.count("<h1") == 1
    assert shown.count("btn-primary") == 1


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_page_asks_the_database_the_same_however_much_is_attached(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, pieces: int, django_assert_num_queries: Any
) -> None:
    for number in range(pieces):
        at = factories.LONG_AGO + timedelta(days=number)
        url = f"https://school.example/{number}"
        obligation.evidence.create(kind="link", title=url, url=url, added_at=at, added_by=elena)
        advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=at)
        advance(obligation=obligation, act=Act.RETURN, by=boris, at=at, reason="other", comment="Дополните")
    browser = browser_of(elena)
    # session, user, memberships; the obligation, its steps, evidence, remarks, extensions; whose date it is; reminders,
    # those sent; bell
    with django_assert_num_queries(12):
        page(browser, "detail", obligation.pk)


def test_others_in_the_branch_read_and_strangers_find_nothing(
    obligation: Obligation, boris: User, anna: User, oleg: User, zoya: User, browser_of: Browser
) -> None:
    for person in (boris, anna, oleg, zoya):
        shown = page(browser_of(person), "detail", obligation.pk)
        assert "Сдать на проверку" not in shown.partition("<main")[2].replace("нажмите «Сдать на проверку»", "")
        assert 'type="file"' not in shown


@pytest.mark.parametrize(
    "name", ["detail", "save", "submit", "declare_nil", "accept", "return", "reopen", "cancel", "restore"]
)
def test_a_neighbour_another_coordinator_and_another_region_find_nothing(
    obligation: Obligation, ivan: User, galina: User, viktor: User, browser_of: Browser, name: str
) -> None:
    for person in (ivan, galina, viktor):
        browser, address = browser_of(person), reverse(f"obligations:{name}", args=[obligation.pk])
        answer = browser.get(address) if name == "detail" else browser.post(address, {"comment": "Моё", "note": "Моё"})
        assert answer.status_code == 404
    assert not ReviewStep.objects.exists()


def test_a_number_that_no_database_holds_is_not_found(elena: User, browser_of: Browser) -> None:
    assert browser_of(elena).get(f"/obligations/{10**30}/").status_code == 404
    assert browser_of(elena).get(f"/obligations/evidence/{10**30}/").status_code == 404


@pytest.mark.parametrize("name", ["save", "submit", "declare_nil"])
def test_only_the_owner_answers(
    obligation: Obligation, boris: User, anna: User, oleg: User, zoya: User, browser_of: Browser, name: str
) -> None:
    for person in (boris, anna, oleg, zoya):
        assert send(browser_of(person), name, obligation.pk, note="За вас", comment="За вас").status_code == 403
    obligation.refresh_from_db()
    assert (obligation.state, obligation.note) == (State.OPEN, "")


@pytest.mark.parametrize("name", ["save", "submit", "accept", "return"])
def test_moves_are_not_made_by_looking(obligation: Obligation, elena: User, browser_of: Browser, name: str) -> None:
    assert browser_of(elena).get(reverse(f"obligations:{name}", args=[obligation.pk])).status_code == 405


# --- the answer -------------------------------------------------------------------------------
def test_a_draft_keeps_files_links_and_note_and_hands_nothing_in(
    obligation: Obligation, elena: User, browser_of: Browser, settings: LazySettings
) -> None:
    browser = browser_of(elena)
    answer = send(
        browser,
        "save",
        obligation.pk,
        attachments=[upload("Приказ.pdf"), upload("Фото.jpg", samples.photo())],
        links="https://school.example/prikaz Приказ на сайте",
        note="Подпишут\r\nзавтра",
    )
    assert answer.status_code == 302
    obligation.refresh_from_db()
    assert (obligation.state, obligation.note) == (State.OPEN, "Подпишут\nзавтра")
    kept = list(obligation.evidence.values_list("title", "kind", "added_by"))
    assert kept == [
        ("Приказ.pdf", "file", elena.pk),
        ("Фото.jpg", "file", elena.pk),
        ("Приказ на сайте", "link", elena.pk),
    ]
    names = [path.name for path in stored_files(settings)]
    assert len(names) == 2
    assert not any("Приказ" in name for name in names)
    shown = page(browser, "detail", obligation.pk)
    for said in ("Приказ.pdf", "Фото.jpg", "Приказ на сайте", "Подпишут\nзавтра", "Черновик сохранён"):
        assert said in shown


def test_handing_in_takes_what_is_in_the_form_along(obligation: Obligation, elena: User, browser_of: Browser) -> None:
    browser = browser_of(elena)
    answer = send(browser, "submit", obligation.pk, attachments=[upload("Приказ.pdf")], links="", note="")
    assert answer.status_code == 302
    obligation.refresh_from_db()
    assert obligation.state == State.SUBMITTED
    assert obligation.evidence.get().checksum
    shown = page(browser, "detail", obligation.pk)
    assert "Поручение сдано на проверку" in shown
    assert "Ждёт проверки" in shown
    assert 'type="file"' not in shown


def test_an_empty_answer_is_not_handed_in(obligation: Obligation, elena: User, browser_of: Browser) -> None:
    answer = send(browser_of(elena), "submit", obligation.pk, note=" ", links="")
    assert answer.status_code == 409
    assert "сдать пустое поручение нельзя" in text_of(answer)
    assert not ReviewStep.objects.exists()


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(
    obligation: Obligation, elena: User, browser_of: Browser, settings: LazySettings
) -> None:
    answer = send(
        browser_of(elena),
        "submit",
        obligation.pk,
        attachments=[upload("Приказ.pdf"), upload("virus.exe", samples.EXE), upload("Пустой.pdf", b"")],
        links="https://school.example/\njavascript:alert(1)",
        note="Я долго это писала",
    )
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "«virus.exe»: файлы .exe не принимаются" in shown
    assert "«Пустой.pdf»: файл пуст" in shown
    assert "Строка 2" in shown
    assert "Я долго это писала" in shown
    assert "https://school.example/\njavascript:alert(1)" in shown
    obligation.refresh_from_db()
    assert (obligation.state, obligation.note, Evidence.objects.count()) == (State.OPEN, "", 0)
    assert stored_files(settings) == []


def test_fifty_megabytes_are_refused_in_words(
    obligation: Obligation, elena: User, browser_of: Browser, settings: LazySettings
) -> None:
    big = upload("Видеоотчёт.pdf", samples.PDF + b"\0" * 50 * 1024 * 1024)
    answer = send(browser_of(elena), "save", obligation.pk, attachments=[big], note="Отчёт")
    assert answer.status_code == 422
    assert "«Видеоотчёт.pdf»: размер 50\u00a0МБ больше допустимых 20\u00a0МБ" in text_of(answer)
    assert stored_files(settings) == []


def test_the_same_file_twice_in_one_obligation_is_refused(
    obligation: Obligation, elena: User, browser_of: Browser, settings: LazySettings
) -> None:
    browser = browser_of(elena)
    send(browser, "save", obligation.pk, attachments=[upload("Приказ.pdf")], links="https://school.example/")
    answer = send(
        browser,
        "save",
        obligation.pk,
        attachments=[upload("Копия.pdf"), upload("Новый.pdf", samples.pdf("other"))],
        links="https://school.example/",
        note="Ещё раз",
    )
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "«Копия.pdf»: этот файл уже приложен под названием «Приказ.pdf»: замените его или уберите." in shown
    assert "Ссылка https://school.example/ уже приложена" in shown
    assert "Ещё раз" in shown
    assert Evidence.objects.count() == 2
    assert len(stored_files(settings)) == 1


def test_no_more_than_thirty_pieces(obligation: Obligation, elena: User, browser_of: Browser) -> None:
    links = "\n".join(f"https://school.example/{number}" for number in range(31))
    answer = send(browser_of(elena), "save", obligation.pk, links=links)
    assert answer.status_code == 422
    assert "не больше 30" in text_of(answer)
    assert not Evidence.objects.exists()


def test_a_refused_handing_in_leaves_no_file_behind(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, settings: LazySettings, now: datetime
) -> None:
    """In another tab it was handed in; Boris has it now, and this tab's text must not get lost."""
    browser = browser_of(elena)
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Из другой вкладки")
    for name in ("save", "submit"):
        answer = send(
            browser,
            name,
            obligation.pk,
            attachments=[upload("Приказ.pdf")],
            note="Моё длинное пояснение",
            links="https://school.example/ Сайт",
            seen=0,
        )
        assert answer.status_code == 409
        shown = text_of(answer)
        assert "уже сдано 16\u00a0октября\u00a02023\u00a0г. и закрыто для изменений" in shown
        assert "Моё длинное пояснение" in shown
        assert "https://school.example/ Сайт" in shown
    obligation.refresh_from_db()
    assert obligation.note == "Из другой вкладки"
    assert not Evidence.objects.exists()
    assert stored_files(settings) == []


@pytest.mark.parametrize("name", ["submit", "save"])
def test_a_form_with_errors_is_told_of_the_lock_and_not_of_a_form_that_is_gone(
    obligation: Obligation, elena: User, browser_of: Browser, now: datetime, name: str
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Из другой вкладки")
    wrong = {"attachments": [upload("virus.exe", b"MZ")], "note": "Набрано раньше", "links": "не ссылка"}
    answer = send(browser_of(elena), name, obligation.pk, **wrong)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Поручение уже сдано" in shown
    assert "в форме ниже" not in shown
    assert "Набрано раньше" in shown
    assert not Evidence.objects.exists()


def test_nil_without_words_is_told_of_the_lock(
    obligation: Obligation, elena: User, browser_of: Browser, now: datetime
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Из другой вкладки")
    answer = send(browser_of(elena), "declare_nil", obligation.pk, comment="")
    assert answer.status_code == 409
    assert "Поручение уже сдано" in text_of(answer)


def test_a_tab_opened_before_the_return_shows_the_remark_first(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    browser = browser_of(elena)
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Первый раз")
    advance(obligation=obligation, act=Act.RETURN, by=boris, at=now, reason="not_signed", comment="Где подпись?")
    answer = send(browser, "submit", obligation.pk, note="Набрано раньше", seen=0)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Пока страница была открыта" in shown
    assert "Где подпись?" in shown
    assert "Набрано раньше</textarea>" in shown
    obligation.refresh_from_db()
    assert (obligation.state, obligation.note) == (State.RETURNED, "Первый раз")
    again = send(browser, "submit", obligation.pk, note="Набрано раньше", seen=obligation.steps.last().pk)  # type: ignore[union-attr]
    assert again.status_code == 302


# --- attachments ------------------------------------------------------------------------------
def test_before_handing_in_an_attachment_goes_for_good_and_the_draft_stays(
    obligation: Obligation,
    elena: User,
    browser_of: Browser,
    settings: LazySettings,
    django_capture_on_commit_callbacks: Any,
) -> None:
    browser = browser_of(elena)
    send(browser, "save", obligation.pk, attachments=[upload("Не тот.pdf")], note="Начало")
    piece = obligation.evidence.get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(browser, "evidence_remove", piece.pk, note="Начало и конец", links="https://school.example/")
    assert answer.status_code == 302
    obligation.refresh_from_db()
    assert obligation.note == "Начало и конец"
    assert [kept.title for kept in obligation.evidence.all()] == ["school.example"]
    assert stored_files(settings) == []


def test_what_was_handed_in_once_stays_in_the_history(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, october: Callable[[], None]
) -> None:
    browser = browser_of(elena)
    send(browser, "submit", obligation.pk, attachments=[upload("Не тот.pdf")])
    october()
    seen = obligation.steps.get().pk
    send(browser_of(boris), "return", obligation.pk, reason="wrong_document", comment="Это не приказ", seen=seen)
    october()
    piece = obligation.evidence.get()
    assert send(browser, "evidence_remove", piece.pk).status_code == 302
    piece.refresh_from_db()
    assert piece.removed_at is not None
    still_there: Any = browser_of(boris).get(reverse("obligations:evidence", args=[piece.pk]))
    assert b"".join(still_there.streaming_content) == samples.PDF
    assert send(browser, "evidence_remove", piece.pk).status_code == 404


def test_an_attachment_of_what_is_locked_is_not_taken_away(
    obligation: Obligation, elena: User, boris: User, galina: User, browser_of: Browser
) -> None:
    send(browser_of(elena), "submit", obligation.pk, attachments=[upload("Приказ.pdf")])
    piece = obligation.evidence.get()
    assert send(browser_of(elena), "evidence_remove", piece.pk).status_code == 409
    assert send(browser_of(boris), "evidence_remove", piece.pk).status_code == 403
    assert send(browser_of(galina), "evidence_remove", piece.pk).status_code == 404
    piece.refresh_from_db()
    assert piece.removed_at is None


def test_a_file_goes_out_under_its_name_and_is_never_run_by_the_browser(
    obligation: Obligation, elena: User, boris: User, galina: User, viktor: User, browser_of: Browser
) -> None:
    send(browser_of(elena), "save", obligation.pk, attachments=[upload("Приказ № 5.pdf")])
    address = reverse("obligations:evidence", args=[obligation.evidence.get().pk])
    for person in (elena, boris):
        answer: Any = browser_of(person).get(address)
        assert b"".join(answer.streaming_content) == samples.PDF
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%9F")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]
    for person in (galina, viktor):
        assert browser_of(person).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_file_lost_from_the_disk_is_not_found(
    obligation: Obligation, elena: User, browser_of: Browser, settings: LazySettings
) -> None:
    send(browser_of(elena), "save", obligation.pk, attachments=[upload("Приказ.pdf")])
    for path in stored_files(settings):
        path.unlink()
    assert browser_of(elena).get(reverse("obligations:evidence", args=[Evidence.objects.get().pk])).status_code == 404


# --- nil --------------------------------------------------------------------------------------
def test_nil_is_asked_explained_and_confirmed(obligation: Obligation, elena: User, browser_of: Browser) -> None:
    browser = browser_of(elena)
    asked = page(browser, "declare_nil", obligation.pk)
    assert "Сообщить, что отчитаться не о чем" in asked
    empty = send(browser, "declare_nil", obligation.pk, comment=" ")
    assert empty.status_code == 422
    assert "Напишите комментарий" in text_of(empty)
    assert send(browser, "declare_nil", obligation.pk, comment="Нет 9–11 классов").status_code == 302
    obligation.refresh_from_db()
    assert obligation.state == State.DECLARED_NIL
    assert "Нет 9–11 классов" in page(browser, "detail", obligation.pk)
    assert browser.get(reverse("obligations:declare_nil", args=[obligation.pk])).status_code == 302
    late = send(browser, "declare_nil", obligation.pk, comment="Передумала, но текст жалко")
    assert late.status_code == 409
    assert "уже сдано" in text_of(late)
    assert "Передумала, но текст жалко" in text_of(late)
