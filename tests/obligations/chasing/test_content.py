"""What a digest says to whom: decided without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from obligations.states import State
from tests.conftest import TODAY
from tests.obligations.chasing.samples import MINISTRY, MUNICIPALITY, SCHOOL, content_of, debtor, owed


def test_overdue_stand_first_the_oldest_on_top() -> None:
    content = content_of(Role.DEPUTY, SCHOOL, owed(1, -1), owed(2, -9), owed(3, 0))
    assert [one.pk for one in content.overdue] == [2, 1]
    assert [(group.days, [one.pk for one in group.owed]) for group in content.due] == [(0, [3])]


@pytest.mark.parametrize("days", [0, 1, 3, 7])
def test_one_is_reminded_when_so_many_days_are_left(days: int) -> None:
    assert content_of(Role.DEPUTY, SCHOOL, owed(1, days)).due_count == 1


@pytest.mark.parametrize("days", [2, 4, 5, 6, 8, 30])
def test_on_other_days_there_is_nothing_to_say(days: int) -> None:
    assert not content_of(Role.DEPUTY, SCHOOL, owed(1, days))


def test_what_was_sent_back_is_told_once_and_marked_where_it_stands() -> None:
    content = content_of(
        Role.DEPUTY, SCHOOL, owed(1, 5, State.RETURNED), owed(2, 3, State.RETURNED), owed(3, -2, State.REOPENED)
    )
    assert [one.pk for one in content.sent_back] == [1]
    assert content.due[0].owed[0].sent_back
    assert content.overdue[0].sent_back


def test_an_administrator_answers_for_nothing() -> None:
    assert not content_of(Role.ADMINISTRATOR, MINISTRY, owed(1, -9, organization=MINISTRY), debtor(parent=MINISTRY))


def test_an_operator_hears_of_its_own_only() -> None:
    content = content_of(Role.OPERATOR, 40, owed(1, -9, organization=40), debtor(parent=40))
    assert len(content.overdue) == 1
    assert not content.reviewed_count


def test_a_coordinator_hears_of_own_schools_those_first_who_owe_most() -> None:
    content = content_of(
        Role.COORDINATOR, MUNICIPALITY, debtor(1, over_reviewer=2), debtor(2, over_reviewer=5), debtor(3, parent=21)
    )
    assert [one.organization_id for one in content.debtors] == [2, 1]
    assert not content.municipalities


def test_the_ministry_hears_late_of_municipal_schools_and_soon_of_its_own() -> None:
    content = content_of(
        Role.MINISTRY,
        MINISTRY,
        debtor(1, over_ministry=0),
        debtor(2, over_reviewer=4, over_ministry=3),
        debtor(3, parent=21, parent_name="Моршанский", over_reviewer=9, over_ministry=9),
        debtor(4, parent=MINISTRY, grandparent_id=None),
        debtor(MUNICIPALITY, "municipality", parent=MINISTRY, grandparent_id=None),
        debtor(5, "operator", parent=MINISTRY, grandparent_id=None),
    )
    assert [(group.name, group.count) for group in content.municipalities] == [("Моршанский", 9), ("Бондарский", 3)]
    assert [one.organization_id for one in content.regional_schools] == [4]
    assert [one.organization_id for one in content.municipal_authorities] == [MUNICIPALITY]
    assert [one.organization_id for one in content.institutions] == [5]


@given(
    st.lists(
        st.tuples(st.integers(-60, 60), st.sampled_from([State.OPEN, State.RETURNED, State.REOPENED])), max_size=40
    )
)
def test_nothing_that_burns_is_lost_or_told_twice(rows: list[tuple[int, str]]) -> None:
    items = [owed(pk, days, state) for pk, (days, state) in enumerate(rows)]
    content = content_of(Role.DEPUTY, SCHOOL, *items)
    told = [one.pk for one in (*content.overdue, *(one for group in content.due for one in group.owed))]
    told += [one.pk for one in content.sent_back]
    burning = [
        one.pk for one in items if (one.due_on - TODAY).days in {0, 1, 3, 7} or one.due_on < TODAY or one.sent_back
    ]
    assert sorted(told) == burning
