"""Who may do what: each member of the cast before the same obligation."""

import pytest

from accounts.models import Organization, User
from obligations import rules
from obligations.models import Obligation
from obligations.states import Act, State
from tests import factories


def test_each_move_has_its_people(
    obligation: Obligation,
    elena: User,
    ivan: User,
    boris: User,
    galina: User,
    anna: User,
    oleg: User,
    zoya: User,
    viktor: User,
) -> None:
    cast = {"elena": elena, "ivan": ivan, "boris": boris, "galina": galina, "anna": anna, "oleg": oleg, "zoya": zoya}
    cast["viktor"] = viktor
    entitled = {act: sorted(name for name, person in cast.items() if rules.may(person, act, obligation)) for act in Act}
    assert entitled == {
        Act.SUBMIT: ["elena"],
        Act.DECLARE_NIL: ["elena"],
        Act.ACCEPT: ["boris"],
        Act.RETURN: ["boris"],
        Act.REOPEN: ["boris"],
        Act.CANCEL: ["anna"],
        Act.RESTORE: ["anna"],
        Act.REASSIGN: ["anna", "boris"],
        Act.ASK_EXTENSION: ["elena"],
        Act.WITHDRAW: ["elena"],
        Act.GRANT_EXTENSION: ["boris"],
        Act.REFUSE_EXTENSION: ["boris"],
        # What only a reconciliation, an edition or the other half of a move makes.
        **{key: [] for key in [Act.LEAVE, Act.RECEIVE, Act.JOIN, Act.MOVE_DUE]},
    }


@pytest.mark.parametrize(
    ("state", "edits", "decides"),
    [
        (State.OPEN, True, False),
        (State.RETURNED, True, False),
        (State.REOPENED, True, False),
        (State.SUBMITTED, False, True),
        (State.DECLARED_NIL, False, True),
        (State.ACCEPTED, False, False),
        (State.CANCELLED, False, False),
    ],
)
def test_the_state_says_whose_move_it_is(
    obligation: Obligation, elena: User, boris: User, state: State, edits: bool, decides: bool
) -> None:
    obligation.state = state
    assert rules.can_edit(elena, obligation) is edits
    assert rules.can_decide(boris, obligation) is decides
    assert not rules.can_edit(boris, obligation)
    assert not rules.can_decide(elena, obligation)
    assert rules.is_locked(obligation) is not edits


def test_a_membership_that_ended_gives_no_rights(obligation: Obligation, bondarskaya: Organization) -> None:
    former = factories.person("former", "deputy", bondarskaya)
    former.memberships.update(ended_on="2023-09-01")
    assert not rules.owns(former, obligation)


def test_the_administrator_never_answers_for_the_ministry(ministry: Organization, zoya: User) -> None:
    own = factories.ObligationFactory(organization=ministry)
    assert not rules.owns(zoya, own)
    assert not rules.reviews(zoya, own)


def test_only_reviewers_have_an_inbox(elena: User, boris: User, anna: User, oleg: User, zoya: User) -> None:
    assert [rules.is_reviewer(person) for person in (elena, boris, anna, oleg, zoya)] == [
        False,
        True,
        True,
        False,
        False,
    ]
