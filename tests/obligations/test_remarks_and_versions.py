"""Remarks at their places, files in their versions, and the history that keeps both."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from obligations.actions import Answer, replace_evidence, save_draft
from obligations.evidence import Link
from obligations.history import read_history
from obligations.models import Digest, Evidence, Obligation, Remark
from obligations.states import Act, State
from obligations.workflow import TransitionRefused, advance, last_step_id
from tests.obligations import samples
from tests.obligations.samples import upload

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("october")
HOUR = timedelta(hours=1)


def opens(browser: Client, piece: Evidence) -> bool:
    """Download a piece of evidence to its end."""
    answer = browser.get(url("evidence", piece.pk))
    return answer.status_code == 200 and bool(answer.getvalue())


def url(name: str, pk: int) -> str:
    return reverse(f"obligations:{name}", args=[pk])


def text(browser: Client, name: str, pk: int) -> str:
    answer = browser.get(url(name, pk))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def returned(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, october: Callable[[], None]
) -> Obligation:
    """Elena handed in a file, a link and a note; Boris sent them back with a remark to each."""
    sent = {
        "attachments": upload("Приказ.pdf"),
        "links": "https://school.example/ Сайт",
        "note": "Приказ издан",
        "seen": 0,
    }
    browser_of(elena).post(url("submit", obligation.pk), sent)
    october()
    order, site = obligation.evidence.order_by("kind")
    remarks = {
        "remark-note": "Назовите дату приказа",
        f"remark-{order.pk}": "Нет подписи",
        f"remark-{site.pk}": "Страница не открывается",
    }
    browser_of(boris).post(
        url("return", obligation.pk),
        {"reason": "not_signed", "comment": "Исправьте три замечания", "seen": last_step_id(obligation), **remarks},
    )
    october()
    obligation.refresh_from_db()
    assert obligation.state == State.RETURNED
    return obligation


# --- remarks ----------------------------------------------------------------------------------
def test_elena_sees_each_remark_at_its_place_and_boris_which_were_answered(
    returned: Obligation, elena: User, boris: User, browser_of: Browser
) -> None:
    fields = returned.remarks.values_list("field", "text")
    assert sorted(fields) == [
        ("evidence", "Нет подписи"),
        ("evidence", "Страница не открывается"),
        ("note", "Назовите дату приказа"),
        ("whole", "Исправьте три замечания"),
    ]
    at_elena = browser_of(elena)
    page = text(at_elena, "detail", returned.pk)
    assert page.count("Исправьте три замечания") >= 1
    assert page.index("Приказ.pdf") < page.index("Нет подписи") < page.index("Назовите дату приказа")
    before_sending = page.partition("Ещё не отмечены исправленными")[2]
    assert before_sending.index("Страница не открывается") < before_sending.index("Сдать на проверку")

    note, order = returned.remarks.get(field="note"), returned.remarks.get(text="Нет подписи")
    drawn = {f"remark-{remark.pk}-answer": "" for remark in returned.remarks.all()}
    said = drawn | {
        f"remark-{note.pk}-mended": "on",
        f"remark-{note.pk}-answer": "Дата в пояснении",
        f"remark-{order.pk}-mended": "on",
    }
    at_elena.post(url("save", returned.pk), {"note": "Приказ издан 5 октября", **said})
    assert returned.remarks.filter(resolved_at=None).count() == 2
    # Before handing in, a mark may be taken back.
    at_elena.post(url("save", returned.pk), drawn | {f"remark-{note.pk}-mended": "on"})
    assert returned.remarks.filter(resolved_at=None).count() == 3
    answer = at_elena.post(url("submit", returned.pk), {"note": "Приказ издан 5 октября", **said})
    assert answer.status_code == 302

    seen = text(browser_of(boris), "detail", returned.pk).partition("Что изменилось с прошлой сдачи")[2]
    answers = seen.partition("Замечания и ответы на них")[2].partition("</ul>")[0]
    assert answers.count("Не отмечено исправленным") == 2
    assert "Исправлено. Ответ: Дата в пояснении" in answers
    assert "добавлено" in seen


def test_a_remark_to_foreign_evidence_is_not_made(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Есть")
    sent = {"reason": "other", "comment": "Не то", "remark-999": "К чужому", "seen": last_step_id(obligation)}
    browser_of(boris).post(url("return", obligation.pk), sent)
    assert list(Remark.objects.values_list("field", flat=True)) == ["whole"]


def test_an_answer_too_long_is_refused_and_nothing_is_kept(
    returned: Obligation, elena: User, browser_of: Browser
) -> None:
    note = returned.remarks.get(field="note")
    sent = {"note": "Новое", f"remark-{note.pk}-mended": "on", f"remark-{note.pk}-answer": "я" * 2001}
    answer = browser_of(elena).post(url("submit", returned.pk), sent)
    assert answer.status_code == 422
    assert "2000" in answer.content.decode()
    note.refresh_from_db()
    returned.refresh_from_db()
    assert (note.resolved_at, returned.state, returned.note) == (None, State.RETURNED, "Приказ издан")


def test_remarks_of_an_earlier_return_are_history(
    returned: Obligation, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    advance(obligation=returned, act=Act.SUBMIT, by=elena, at=now + 5 * HOUR)
    advance(obligation=returned, act=Act.ACCEPT, by=boris, at=now + 6 * HOUR)
    advance(obligation=returned, act=Act.REOPEN, by=boris, at=now + 7 * HOUR, comment="Нужен ещё протокол")
    page = text(browser_of(elena), "detail", returned.pk)
    assert "Нужен ещё протокол" in page
    assert "remark-box" not in page
    assert "Нет подписи" in text(browser_of(elena), "history", returned.pk)


# --- versions ---------------------------------------------------------------------------------
def test_a_replaced_file_stays_within_reach_with_who_when_and_where_it_belonged(
    returned: Obligation, elena: User, boris: User, browser_of: Browser, october: Callable[[], None]
) -> None:
    at_elena, at_boris = browser_of(elena), browser_of(boris)
    first = returned.evidence.get(kind="file")
    assert "Заменить «Приказ.pdf»" in text(at_elena, "evidence_replace", first.pk)
    signed = upload("Приказ подписанный.pdf", samples.pdf("signed"))
    at_elena.post(url("evidence_replace", first.pk), {"attachment": signed, "seen": last_step_id(returned)})
    second = Evidence.objects.get(replaces=first)
    first.refresh_from_db()
    assert (first.removed_by, second.added_by) == (elena, elena)
    assert opens(at_elena, first)
    page = text(at_elena, "detail", returned.pk)
    assert "Прежние версии" in page
    assert "Замечание к прежней версии" in page

    october()
    at_elena.post(url("submit", returned.pk), {"seen": last_step_id(returned)})
    changed = text(at_boris, "detail", returned.pk).partition("<h3>Заменено</h3>")[2]
    assert changed.index("Приказ.pdf") < changed.index("Приказ подписанный.pdf")
    at_boris.post(url("accept", returned.pk), {"seen": last_step_id(returned)})
    versions = read_history(Obligation.objects.get()).versions
    assert (versions[first.pk].number, versions[first.pk].submissions, versions[first.pk].accepted_in) == (
        1,
        (1,),
        None,
    )
    assert (versions[second.pk].number, versions[second.pk].submissions) == (2, (2,))
    assert versions[second.pk].accepted_in == 2
    accepted = text(at_boris, "detail", returned.pk)
    assert "принято в сдаче №&nbsp;2" in accepted
    assert opens(at_boris, first)


def test_the_accepted_version_stays_told_after_a_reopening(
    obligation: Obligation, elena: User, boris: User, now: datetime
) -> None:
    save_draft(obligation=obligation, answer=Answer(links=[Link("https://a.example/1", "Раз")]), by=elena, at=now)
    first = obligation.evidence.get()
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now + HOUR)
    advance(obligation=obligation, act=Act.ACCEPT, by=boris, at=now + 2 * HOUR)
    advance(obligation=obligation, act=Act.REOPEN, by=boris, at=now + 3 * HOUR, comment="Обновите")
    second = replace_evidence(piece=first, link=Link("https://a.example/2", "Два"), by=elena, at=now + 4 * HOUR)
    third = replace_evidence(piece=second, link=Link("https://a.example/3", "Три"), by=elena, at=now + 5 * HOUR)
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now + 6 * HOUR)
    history = read_history(obligation)
    assert [history.versions[one.pk].number for one in (first, second, third)] == [1, 2, 3]
    assert [history.versions[one.pk].submissions for one in (first, second, third)] == [(1,), (), (2,)]
    assert history.versions[first.pk].accepted_in == 1
    assert history.changes
    assert history.changes.replaced == [(first, third)]
    assert (history.changes.added, history.changes.removed) == ([], [])


def test_a_new_version_is_refused_where_the_answer_is_locked(
    returned: Obligation, elena: User, browser_of: Browser, now: datetime
) -> None:
    first = returned.evidence.get(kind="file")
    advance(obligation=returned, act=Act.SUBMIT, by=elena, at=now + 9 * HOUR)
    browser = browser_of(elena)
    assert browser.get(url("evidence_replace", first.pk))["Location"] == returned.get_absolute_url()
    answer = browser.post(url("evidence_replace", first.pk), {"attachment": upload("Новый.pdf", samples.pdf("new"))})
    assert answer.status_code == 409
    with pytest.raises(TransitionRefused):
        replace_evidence(piece=first, link=Link("https://a.example/", "Сайт"), by=elena, at=now)
    assert returned.evidence.count() == 2


def test_the_same_file_is_no_new_version(returned: Obligation, elena: User, browser_of: Browser) -> None:
    first = returned.evidence.get(kind="file")
    answer = browser_of(elena).post(url("evidence_replace", first.pk), {"attachment": upload("Ещё раз.pdf")})
    assert answer.status_code == 422
    assert "этот файл уже приложен" in answer.content.decode()
    assert browser_of(elena).post(url("evidence_replace", first.pk), {}).status_code == 422
    link = returned.evidence.get(kind="link")
    bad = browser_of(elena).post(url("evidence_replace", link.pk), {"link": "school"})
    assert "адрес должен начинаться" in bad.content.decode()


# --- the whole history ------------------------------------------------------------------------
def test_the_whole_history_tells_everything_on_one_page(
    returned: Obligation, elena: User, boris: User, ivan: User, browser_of: Browser, now: datetime
) -> None:
    first = returned.evidence.get(kind="file")
    replace_evidence(
        piece=first, file=None, link=Link("https://a.example/2", "Приказ на сайте"), by=elena, at=now + 5 * HOUR
    )
    told = f"• 3.2\n  http://localhost{returned.get_absolute_url()}\n"
    other = f"• 3.3\n  http://localhost/obligations/{returned.pk}0/\n"
    for person, body, subject in ((elena, told, "О поручении"), (elena, other, "О другом"), (ivan, told, "Чужое")):
        Digest.objects.create(
            user=person, region=returned.organization.region, day=now.date() + timedelta(days=len(subject)),
            subject=subject, body=body, created_at=now, sent_at=now + 6 * HOUR,
        )  # fmt: skip
    page = text(browser_of(boris), "history", returned.pk)
    line = page.partition('<ol class="history">')[2].partition("</ol>")[0]
    told_of = [
        "Поручено",
        "Приложено: файл",
        "Сдано на проверку (сдача № 1)",
        "Возвращено на доработку",
        "Заменено: «Приказ.pdf», теперь версия 2",
        "Отправлено письмо-напоминание",
    ]
    places = [line.index(fact) for fact in told_of]
    assert places == sorted(places)
    assert "О поручении" in line
    assert "О другом" not in line
    assert "Чужое" not in line
    assert "Назовите дату приказа" in line
    assert "data-print" in page


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_whole_history_asks_the_database_the_same_however_long(
    obligation: Obligation,
    elena: User,
    boris: User,
    browser_of: Browser,
    now: datetime,
    pieces: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for number in range(pieces):
        links = [Link(f"https://a.example/{number}", f"Ссылка {number}")]
        save_draft(obligation=obligation, answer=Answer(links=links), by=elena, at=now + 3 * number * HOUR)
        advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now + (3 * number + 1) * HOUR)
        advance(
            obligation=obligation, act=Act.RETURN, by=boris, at=now + (3 * number + 2) * HOUR,
            reason="other", comment="Ещё",
        )  # fmt: skip
    browser = browser_of(elena)
    # session, user, memberships; the obligation, its steps, evidence, remarks, extensions; letters; bell
    with django_assert_num_queries(10):  # type: ignore[attr-defined]
        text(browser, "history", obligation.pk)
