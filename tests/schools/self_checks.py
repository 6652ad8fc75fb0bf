"""What the stories of self-checks share: item 3.1, a self-check as a browser sends it, and its doors."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from obligations import rules
from obligations.models import Obligation, Requirement, RequirementForm
from schools.actions.questions import prepare_edition
from schools.actions.self_checks import hand_in_self_check
from schools.models import QuestionKind, Said, SelfCheckForm, SelfCheckQuestion
from schools.rules.self_checks import edition_in_force, edits_questions
from tests import factories


def self_check_asked(school: Organization, *, academic_year: int = 2023) -> Obligation:
    """Item 3.1 owed by a school; one requirement serves all schools of a year."""
    known = Requirement.objects.filter(region=school.region, number="3.1", academic_year=academic_year).first()
    requirement = known or factories.RequirementFactory(
        region=school.region,
        number="3.1",
        title="Проведение самодиагностики готовности школы",
        academic_year=academic_year,
        due_on=date(academic_year, 10, 20),
        form=RequirementForm.SELF_CHECK,
    )
    requirement.bodies.get_or_create(group="schools")
    return factories.ObligationFactory(requirement=requirement, organization=school)


def questions_of(obligation: Obligation) -> list[SelfCheckQuestion]:
    """The questions in force."""
    edition = edition_in_force(obligation.organization.region, obligation.requirement.academic_year)
    assert edition is not None
    return list(edition.questions.all())


def answered(obligation: Obligation, *, version: Any = 0, seen: Any = 0, **otherwise: str) -> dict[str, Any]:
    """A self-check as a browser sends it: «да» to everything, three of every number; ``otherwise`` by field."""
    questions = questions_of(obligation)
    sent: dict[str, Any] = {"edition": questions[0].form_id, "version": version, "seen": seen}
    for question in questions:
        if question.is_choice:
            sent[f"q-{question.key}"] = "yes"
        elif question.kind == QuestionKind.NUMBER:
            sent[f"q-{question.key}"] = "3"
    return sent | otherwise


def checked(school: Organization, by: User, **otherwise: Said) -> Obligation:
    """A self-check handed in: «да» to everything, three of every number; ``otherwise`` by the key of the question."""
    obligation = self_check_asked(school)
    questions = questions_of(obligation)
    said = {
        question.key: Said(choice="yes") if question.is_choice else Said(number=3)
        for question in questions
        if question.is_choice or question.kind == QuestionKind.NUMBER
    }
    hand_in_self_check(
        obligation=obligation,
        edition=questions[0].form_id,
        said=said | otherwise,
        version=0,
        by=by,
        at=timezone.now(),
    )
    return obligation


def furnish(schools: list[Organization], anna: User) -> None:
    """Let schools owe a self-check, and their ministry prepare an edition."""
    for school in schools:
        self_check_asked(school)
    region = schools[0].region
    prepare_edition(region=region, academic_year=2023, by=anna, now=timezone.now())


def _owed(_world: Any) -> Any:
    return Obligation.objects.filter(requirement__form=RequirementForm.SELF_CHECK)


def _seen(user: User) -> Any:
    return _owed(None).visible_to(user)


def _edits(user: User, edition: SelfCheckForm) -> bool:
    return edits_questions(user, edition.region)


def _edition(name: str, *methods: str, may: Any = _edits) -> dict[str, Any]:
    return {
        "name": f"schools:{name}",
        "objects": lambda _world: SelfCheckForm.objects.all(),
        "visible": SelfCheckForm.objects.visible_to,
        "may": may,
        "methods": methods,
    }


def _question(name: str, *methods: str) -> dict[str, Any]:
    return {
        "name": f"schools:{name}",
        # The first and the last of all: one in force, one of a draft.
        "objects": lambda _world: [SelfCheckQuestion.objects.earliest("pk"), SelfCheckQuestion.objects.latest("pk")],
        "visible": SelfCheckQuestion.objects.visible_to,
        "may": lambda user, question: edits_questions(user, question.form.region),
        "methods": methods,
    }


DOORS: list[dict[str, Any]] = [
    {"name": "schools:self_check", "objects": _owed, "visible": _seen, "methods": ("get",)},
    {"name": "schools:self_check", "objects": _owed, "visible": _seen, "methods": ("post",), "may": rules.owns},
    {"name": "schools:editions"},
    {"name": "schools:edition_prepare", "methods": ("post",), "may": lambda user, _: user.has_role("ministry")},
    _edition("edition", "get", may=lambda _user, _edition: True),
    _edition("edition_publish", "get", "post"),
    _edition("edition_discard", "post"),
    _edition("question_add", "get", "post"),
    _question("question_edit", "get", "post"),
    _question("question_remove", "post"),
    {"name": "reporting:readiness"},
]
