"""The one door: every move by the table, by the right person, with its step; nothing else moves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organization, User
from obligations import workflow
from obligations.models import Obligation, Requirement, ReviewStep
from obligations.states import TRANSITIONS, Act, ReturnReason, State
from obligations.workflow import PastMove, TransitionRefused, advance, replay_many
from tests import factories

HOUR = timedelta(hours=1)


def submit(obligation: Obligation, by: User, at: datetime, note: str = "Приказ подписан") -> ReviewStep:
    return advance(obligation=obligation, act=Act.SUBMIT, by=by, at=at, note=note)


def test_elena_submits_boris_returns_elena_resubmits_boris_accepts(
    obligation: Obligation, elena: User, boris: User, now: datetime
) -> None:
    submit(obligation, elena, now, "Приказ на подписи")
    assert (obligation.state, obligation.state_label) == (State.SUBMITTED, "На проверке")

    advance(
        obligation=obligation,
        act=Act.RETURN,
        by=boris,
        at=now + HOUR,
        reason=ReturnReason.NOT_SIGNED,
        comment=" Нужна подпись директора ",
    )
    assert obligation.state == State.RETURNED
    assert obligation.decided_at == now + HOUR

    submit(obligation, elena, now + 2 * HOUR, "Подписан")
    assert (obligation.state, obligation.state_label) == (State.SUBMITTED, "Сдано повторно")
    assert (obligation.first_submitted_at, obligation.submitted_at) == (now, now + 2 * HOUR)

    advance(obligation=obligation, act=Act.ACCEPT, by=boris, at=now + 3 * HOUR)
    assert obligation.state == State.ACCEPTED

    told = [(step.from_state, step.to_state, step.by, step.reason, step.comment) for step in obligation.steps.all()]
    assert told == [
        ("open", "submitted", elena, "", ""),
        ("submitted", "returned", boris, "not_signed", "Нужна подпись директора"),
        ("returned", "submitted", elena, "", ""),
        ("submitted", "accepted", boris, "", ""),
    ]
    assert [step.note for step in obligation.steps.all()] == ["Приказ на подписи"] * 2 + ["Подписан"] * 2


def test_an_empty_obligation_is_not_handed_in(obligation: Obligation, elena: User, now: datetime) -> None:
    with pytest.raises(TransitionRefused, match="сдать пустое поручение нельзя"):
        submit(obligation, elena, now, "   ")
    obligation.refresh_from_db()
    assert (obligation.state, obligation.note, obligation.steps.count()) == (State.OPEN, "", 0)


@pytest.mark.parametrize(
    ("reason", "comment", "complaint"),
    [("", "Подпишите", "причину"), ("lazy", "Подпишите", "причину"), ("other", "  ", "комментарий")],
)
def test_a_return_says_why(
    obligation: Obligation, elena: User, boris: User, now: datetime, reason: str, comment: str, complaint: str
) -> None:
    submit(obligation, elena, now)
    with pytest.raises(TransitionRefused, match=complaint):
        advance(obligation=obligation, act=Act.RETURN, by=boris, at=now + HOUR, reason=reason, comment=comment)
    obligation.refresh_from_db()
    assert (obligation.state, obligation.steps.count()) == (State.SUBMITTED, 1)


def test_nil_is_declared_with_a_comment_and_may_be_returned(
    obligation: Obligation, elena: User, boris: User, now: datetime
) -> None:
    with pytest.raises(TransitionRefused, match="комментарий"):
        advance(obligation=obligation, act=Act.DECLARE_NIL, by=elena, at=now)
    advance(obligation=obligation, act=Act.DECLARE_NIL, by=elena, at=now, comment="Нет старших классов")
    assert obligation.state == State.DECLARED_NIL
    advance(obligation=obligation, act=Act.RETURN, by=boris, at=now + HOUR, reason="other", comment="Классы есть")
    assert obligation.state == State.RETURNED


def test_what_is_handed_in_is_locked_and_says_since_when(obligation: Obligation, elena: User, now: datetime) -> None:
    submit(obligation, elena, now)
    with pytest.raises(TransitionRefused, match=r"уже сдано 16.октября.2023.г. и закрыто"):
        submit(obligation, elena, now + HOUR, "Другое")
    obligation.refresh_from_db()
    assert (obligation.note, obligation.steps.count()) == ("Приказ подписан", 1)


def test_an_accepted_one_says_when_it_was_accepted(
    obligation: Obligation, elena: User, boris: User, now: datetime
) -> None:
    submit(obligation, elena, now)
    advance(obligation=obligation, act=Act.ACCEPT, by=boris, at=now + timedelta(days=1))
    with pytest.raises(TransitionRefused, match=r"принято 17.октября.2023"):
        submit(obligation, elena, now + timedelta(days=2))


def test_a_decision_on_an_old_page_is_refused(obligation: Obligation, elena: User, boris: User, now: datetime) -> None:
    """Boris opens the page, another coordinator returns it, Elena hands in anew: Boris hasn't seen that."""
    seen = submit(obligation, elena, now).pk
    advance(obligation=obligation, act=Act.RETURN, by=boris, at=now + HOUR, reason="other", comment="Допишите")
    submit(obligation, elena, now + 2 * HOUR)
    with pytest.raises(TransitionRefused, match=r"Пока страница была открыта.*Сдано на проверку"):
        advance(obligation=obligation, act=Act.ACCEPT, by=boris, at=now + 3 * HOUR, seen=seen)
    assert Obligation.objects.get().state == State.SUBMITTED
    last = workflow.last_step_id(obligation)
    advance(obligation=obligation, act=Act.ACCEPT, by=boris, at=now + 3 * HOUR, seen=last)
    assert Obligation.objects.get().state == State.ACCEPTED


def test_galina_does_not_decide_for_boris(
    obligation: Obligation, elena: User, galina: User, anna: User, oleg: User, now: datetime
) -> None:
    submit(obligation, elena, now)
    for person in (galina, anna, oleg, elena):
        with pytest.raises(TransitionRefused, match="другая сторона"):
            advance(obligation=obligation, act=Act.ACCEPT, by=person, at=now + HOUR)
    assert ReviewStep.objects.count() == 1


def test_anna_decides_on_the_lyceum_and_on_the_ministry_itself(
    requirement: Requirement, lyceum: Organization, ministry: Organization, pavel: User, anna: User, now: datetime
) -> None:
    of_lyceum = factories.ObligationFactory(requirement=requirement, organization=lyceum)
    submit(of_lyceum, pavel, now)
    advance(obligation=of_lyceum, act=Act.ACCEPT, by=anna, at=now + HOUR)
    own = factories.ObligationFactory(requirement=requirement, organization=ministry)
    submit(own, anna, now)
    advance(obligation=own, act=Act.ACCEPT, by=anna, at=now + HOUR)
    assert set(Obligation.objects.values_list("state", flat=True)) == {State.ACCEPTED}


def test_reopened_by_the_reviewer_it_is_the_owners_again(
    obligation: Obligation, elena: User, boris: User, now: datetime
) -> None:
    submit(obligation, elena, now)
    advance(obligation=obligation, act=Act.ACCEPT, by=boris, at=now)
    advance(obligation=obligation, act=Act.REOPEN, by=boris, at=now, comment="Приказ отменён")
    assert obligation.state == State.REOPENED
    submit(obligation, elena, now + HOUR, "Новый приказ")
    assert obligation.state_label == "Сдано повторно"


def test_only_the_ministry_cancels_and_restores(obligation: Obligation, boris: User, anna: User, now: datetime) -> None:
    with pytest.raises(TransitionRefused):
        advance(obligation=obligation, act=Act.CANCEL, by=boris, at=now, comment="Не нужно")
    with pytest.raises(TransitionRefused, match="комментарий"):
        advance(obligation=obligation, act=Act.CANCEL, by=anna, at=now)
    advance(obligation=obligation, act=Act.CANCEL, by=anna, at=now, comment="Школа на ремонте")
    assert obligation.state == State.CANCELLED
    advance(obligation=obligation, act=Act.RESTORE, by=anna, at=now, comment="Ремонт окончен")
    assert obligation.state == State.OPEN


def test_nobody_makes_the_registrys_move(obligation: Obligation, anna: User, now: datetime) -> None:
    with pytest.raises(TransitionRefused):
        advance(obligation=obligation, act=Act.LEAVE, by=anna, at=now, comment="Закрыта")


def test_history_is_not_rewritten(obligation: Obligation, elena: User, now: datetime) -> None:
    step = submit(obligation, elena, now)
    step.comment = "Ничего не было"
    with pytest.raises(TypeError, match="history"):
        step.save()


def test_no_sequence_of_moves_by_anybody_leaves_the_table(
    requirement: Requirement,
    bondarskaya: Organization,
    elena: User,
    boris: User,
    galina: User,
    anna: User,
    oleg: User,
    zoya: User,
    now: datetime,
) -> None:
    """Whoever tries whatever, in any order: the state is where the accepted moves lead, and each has its step."""
    entitled = {
        Act.SUBMIT: {elena},
        Act.DECLARE_NIL: {elena},
        Act.ACCEPT: {boris},
        Act.RETURN: {boris},
        Act.REOPEN: {boris},
        Act.CANCEL: {anna},
        Act.RESTORE: {anna},
        **{key: {elena} for key in [Act.ASK_EXTENSION, Act.WITHDRAW]},
        **{key: {boris} for key in [Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION]},
        **{key: set() for key in [Act.LEAVE, Act.RECEIVE, Act.JOIN, Act.MOVE_DUE]},
    }
    # A reassignment has two sides and a door of its own.
    moves = st.tuples(
        st.sampled_from([elena, boris, galina, anna, oleg, zoya]),
        st.sampled_from([act for act in Act if act != Act.REASSIGN]),
    )

    @settings(max_examples=40, deadline=None)
    @given(st.lists(moves, min_size=1, max_size=12))
    def play(tried: list[tuple[User, Act]]) -> None:
        requirement.pk = None
        requirement.save()
        obligation = factories.ObligationFactory(requirement=requirement, organization=bondarskaya)
        expected, at = State.OPEN, now
        steps = []
        for by, act in tried:
            at += HOUR
            allowed = expected in TRANSITIONS[act].sources and by in entitled[act]
            try:
                advance(obligation=obligation, act=act, by=by, at=at, reason="other", comment="Так надо", note="Есть")
            except TransitionRefused:
                assert not allowed
            else:
                assert allowed
                source, expected = expected, TRANSITIONS[act].target or expected
                steps.append((act, source, expected, by.pk, at))
            assert Obligation.objects.get(pk=obligation.pk).state == expected
        written = obligation.steps.order_by("pk").values_list("act", "from_state", "to_state", "by", "at")
        assert list(written) == steps

    play()


def _at_once(*moves: Callable[[], None]) -> list[str]:
    """Make moves as near to one moment as the database allows, and return what each was refused with.

    PostgreSQL gets a connection a move. SQLite has one writer at a time and the tests' database lives
    in memory: there the moves come one after another, each from what its maker saw before.
    """
    refusals: list[str] = []
    barrier = Barrier(len(moves))

    def attempt(move: Callable[[], None], *, together: bool) -> None:
        try:
            if together:
                barrier.wait(timeout=10)
            move()
        except TransitionRefused as refusal:
            refusals.append(str(refusal))
        finally:
            if together:
                connection.close()

    if connection.vendor != "postgresql":
        for move in moves:
            attempt(move, together=False)
        return refusals
    threads = [Thread(target=attempt, args=[move], kwargs={"together": True}) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return refusals


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(
    obligation: Obligation, elena: User, boris: User, bondarsky: Organization, now: datetime
) -> None:
    raisa = factories.person("raisa", "coordinator", bondarsky)
    submit(obligation, elena, now)
    at_boris, at_raisa = Obligation.objects.get(), Obligation.objects.get()

    def accept() -> None:
        advance(obligation=at_boris, act=Act.ACCEPT, by=boris, at=now + HOUR)

    def send_back() -> None:
        advance(obligation=at_raisa, act=Act.RETURN, by=raisa, at=now + HOUR, reason="other", comment="Дополните")

    refusals = _at_once(accept, send_back)
    assert len(refusals) == 1
    assert "Решение уже принято" in refusals[0]
    steps = list(obligation.steps.all())
    assert len(steps) == 2
    assert Obligation.objects.get().state == steps[-1].to_state


def test_past_histories_are_walked_through_the_table(
    obligation: Obligation, elena: User, boris: User, now: datetime
) -> None:
    moves = [
        PastMove(Act.SUBMIT, elena, now, note="Готово"),
        PastMove(Act.RETURN, boris, now + HOUR, reason="other", comment="Подпишите"),
        PastMove(Act.SUBMIT, elena, now + 2 * HOUR),
    ]
    assert replay_many(histories={obligation.pk: moves}) == 1
    obligation.refresh_from_db()
    assert (obligation.state_label, obligation.note, obligation.steps.count()) == ("Сдано повторно", "Готово", 3)
    assert replay_many(histories={obligation.pk: moves}) == 0


def test_an_impossible_past_is_refused_whole(obligation: Obligation, boris: User, now: datetime) -> None:
    with pytest.raises(ValueError, match="not possible"):
        replay_many(histories={obligation.pk: [PastMove(Act.ACCEPT, boris, now)]})
    assert not ReviewStep.objects.exists()
