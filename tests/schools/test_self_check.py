"""Elena checks her school's readiness; Boris looks at it; Anna changes the questions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.actions import NewRemark, send_back
from obligations.closing import parts_of
from obligations.models import Obligation, RemarkField
from obligations.querysets import ObligationQuerySet
from obligations.states import Act, State
from obligations.workflow import advance, last_step_id
from schools.actions.questions import Wording, prepare_edition, publish_edition, save_question
from schools.aggregates.self_checks import read_sheet
from schools.models import QuestionKind, SelfCheck, SelfCheckForm, SelfCheckQuestion
from tests.conftest import NOW
from tests.schools.self_checks import answered, self_check_asked

Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _october() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser_of() -> Browser:
    def _browser_of(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return _browser_of


@pytest.fixture
def owed(bondarskaya: Organization) -> Obligation:
    """Школа Бондарская owes item 3.1."""
    return self_check_asked(bondarskaya)


def page_of(obligation: Obligation) -> str:
    return reverse("schools:self_check", args=[obligation.pk])


def text(response: Any) -> str:
    return str(response.content.decode())


def clean(obligation: Obligation) -> bool:
    found: ObligationQuerySet = Obligation.objects.filter(pk=obligation.pk)
    return found.clean(time_zone="Europe/Moscow").exists()


def test_a_draft_is_kept_handed_in_returned_and_compared(
    owed: Obligation, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    at_elena, page = browser_of(elena), page_of(owed)
    opened = text(at_elena.get(owed.get_absolute_url()))
    assert f'href="{page}"' in opened
    assert "Отвечено на 0 из 22\u00a0вопросов" in text(at_elena.get(page))

    answer = at_elena.post(page, answered(owed, act="save", **{"q-site-link": "school.example/prof"}))
    assert answer.headers["Location"] == page
    owed.refresh_from_db()
    assert (owed.state, SelfCheck.objects.get().version) == (State.OPEN, 1)
    assert "https://school.example/prof" in text(at_elena.get(page))

    # «Нет» wants a word of explanation; the draft is kept all the same.
    refused = at_elena.post(page, answered(owed, version=1, act="submit", **{"q-plan": "no", "q-site": ""}))
    assert refused.status_code == 422
    assert "Черновик сохранён. Чтобы сдать самодиагностику, ответьте ещё на 2\u00a0вопроса." in text(refused)
    assert "Поясните ответ «нет»" in text(refused)
    again = answered(owed, version=2, act="submit", **{"q-plan": "no", "why-plan": "Пишем, будет к пятнице"})
    assert at_elena.post(page, again).headers["Location"] == owed.get_absolute_url()
    owed.refresh_from_db()
    assert owed.state == State.SUBMITTED
    sheet = read_sheet(owed)
    assert sheet is not None
    assert (int(sheet.earned), sheet.possible) == (31, 34)
    assert not clean(owed)

    # Handed in, it is closed to its owner, and what they type is not lost.
    late = at_elena.post(page, answered(owed, version=3, act="save", **{"why-plan": "Готов"}))
    assert late.status_code == 409
    assert "Готов" in text(late)
    assert at_elena.get(page).headers["Location"] == owed.get_absolute_url()

    looked = text(browser_of(boris).get(owed.get_absolute_url()))
    assert "Пишем, будет к пятнице" in looked
    assert "91,2\u00a0%" in looked
    part = next(one for one in parts_of(owed) if one.key == "plan")
    remark = NewRemark(RemarkField.PART, "Кто его пишет?", part=part)
    send_back(obligation=owed, reason="incomplete", comment="Нет плана", remarks=[remark], by=boris, at=now)
    assert "Кто его пишет?" in text(at_elena.get(page))
    mended = answered(owed, version=3, seen=last_step_id(owed), act="submit")
    assert at_elena.post(page, mended).status_code == 302
    looked = text(browser_of(boris).get(owed.get_absolute_url()))
    assert "Изменено в форме" in looked
    assert "1.4 План профориентационной работы" in looked.partition("Изменено в форме")[2]
    advance(obligation=owed, act=Act.ACCEPT, by=boris, at=now)
    assert owed.state == State.ACCEPTED


def test_what_makes_no_sense_is_told_at_its_place_and_nothing_is_kept(
    owed: Obligation, elena: User, browser_of: Browser
) -> None:
    wrong = answered(owed, act="save", **{"q-navigators-number": "много", "q-site-link": "не знаю", "q-plan": "maybe"})
    answer = browser_of(elena).post(page_of(owed), wrong)
    assert answer.status_code == 422
    assert text(answer).count("form-field-wrong") == 3
    assert "Напишите целое число, например 3." in text(answer)
    assert 'value="много"' in text(answer)
    assert not SelfCheck.objects.exists()


def test_who_saves_over_a_colleague_is_told_and_may_go_on(owed: Obligation, elena: User, browser_of: Browser) -> None:
    client = browser_of(elena)
    client.post(page_of(owed), answered(owed, act="save"))
    stale = client.post(page_of(owed), answered(owed, act="save", **{"why-plan": "Моё"}))
    assert stale.status_code == 409
    assert "ответы сохранил другой человек" in text(stale)
    assert "Моё" in text(stale)
    assert 'name="version" value="1"' in text(stale)


def test_the_ministry_publishes_another_edition_and_drafts_go_over(
    owed: Obligation, elena: User, anna: User, browser_of: Browser, now: datetime
) -> None:
    at_elena, at_anna = browser_of(elena), browser_of(anna)
    at_elena.post(page_of(owed), answered(owed, act="save"))
    before = answered(owed, version=1, act="save")

    begun = at_anna.post(reverse("schools:edition_prepare"), {"year": "2023"})
    draft = SelfCheckForm.objects.get(published_at=None)
    assert begun.headers["Location"] == reverse("schools:edition", args=[draft.pk])
    assert draft.questions.count() == 22
    words = {"section": "Люди", "text": "Есть психолог", "kind": "yes_no", "weight": "2", "place": "1"}
    at_anna.post(reverse("schools:question_add", args=[draft.pk]), words)
    added = draft.questions.get(text="Есть психолог")
    # Those of a section stand together, wherever its place was asked for.
    assert list(dict.fromkeys(draft.questions.values_list("section", flat=True)))[:2] == ["Люди", "Управление"]
    at_anna.post(reverse("schools:question_remove", args=[draft.questions.get(key="ticket").pk]))
    shown = text(at_anna.get(reverse("schools:edition_publish", args=[draft.pk])))
    assert "Добавлен: Есть психолог" in shown
    at_anna.post(reverse("schools:edition_publish", args=[draft.pk]), {"basis": "Добавлен вопрос о психологе"})

    draft.refresh_from_db()
    assert (draft.published_by, draft.edition, draft.basis) == (anna, 1, "Добавлен вопрос о психологе")
    refused = at_anna.post(reverse("schools:question_edit", args=[added.pk]), words | {"text": "Другое"})
    assert "уже введена в действие" in text(refused)
    stale = at_elena.post(page_of(owed), before)
    assert stale.status_code == 409
    assert "новую редакцию вопросов" in text(stale)
    opened = text(at_elena.get(page_of(owed)))
    assert "Есть психолог" in opened
    assert "Школа зарегистрирована на платформе" not in opened
    assert "Отвечено на 19 из 22" in opened


def test_one_draft_a_year_and_an_empty_one_is_not_published(anna: User, now: datetime, browser_of: Browser) -> None:
    region = anna.active_memberships[0].organization.region
    draft = prepare_edition(region=region, academic_year=2024, by=anna, now=now)
    assert prepare_edition(region=region, academic_year=2024, by=anna, now=now) == draft
    draft.questions.all().delete()
    answer = browser_of(anna).post(reverse("schools:edition_publish", args=[draft.pk]), {"basis": "Новое"}, follow=True)
    assert "нет ни одного вопроса" in text(answer)
    wording = Wording("Раздел", "Сколько кабинетов", "", QuestionKind.NUMBER, True, 5, True, 1)
    question = save_question(form=draft, question=None, wording=wording)
    assert (question.weight, question.wants_why) == (0, False)
    publish_edition(form=draft, basis="Новое", by=anna, now=now)
    assert SelfCheckForm.objects.for_region(region, 2023)[0].region is None
    assert SelfCheckForm.objects.for_region(region, 2025)[0] == draft
    assert SelfCheckQuestion.objects.filter(form=draft).count() == 1
