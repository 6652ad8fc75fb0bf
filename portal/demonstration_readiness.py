"""The demonstration's self-checks of readiness: what schools answered, believable and the same on every machine."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime

from accounts.models import OrganizationKind, User
from obligations.models import Obligation, RequirementForm
from obligations.states import State
from roadmap.models import Roadmap
from schools.models import Choice, QuestionKind, SelfCheck, SelfCheckAnswer, SelfCheckQuestion
from schools.rules.self_checks import edition_in_force

_DRAFTS = 0.3
_WHY = (
    "Документ на подписи у директора, будет готов до конца месяца.",
    "Не хватает педагога: обратились в колледж-партнёр.",
    "Ждём обучения на курсах регионального оператора.",
)
_HELP = ("Нужны примеры рабочих программ.", "Помогите с поиском предприятий для экскурсий.", "")


def write_self_checks(roadmap: Roadmap, *, until: datetime, by: dict[int, User]) -> int:
    """Write the answers behind the self-checks that schools have handed in, and drafts of some; return how many."""
    form = edition_in_force(roadmap.region, roadmap.academic_year)
    if form is None:
        return 0
    questions = list(form.questions.all())
    owed = Obligation.objects.filter(
        requirement__occurrence__item__section__roadmap=roadmap,
        requirement__form=RequirementForm.SELF_CHECK,
        organization__kind=OrganizationKind.SCHOOL,
    ).exclude(state__in=(State.CANCELLED, State.DECLARED_NIL))
    checks: list[SelfCheck] = []
    answers: list[SelfCheckAnswer] = []
    for obligation in owed.select_related("organization").order_by("pk"):
        dice = random.Random(f"self-check:{obligation.organization.inn}:{roadmap.academic_year}")
        is_draft = obligation.submitted_at is None
        if is_draft and dice.random() > _DRAFTS:
            continue
        author = by.get(obligation.organization_id)
        check = SelfCheck(
            obligation=obligation, form=form, version=1, saved_at=obligation.submitted_at or until, saved_by=author
        )
        checks.append(check)
        answers += _answers(check, questions[: dice.randint(4, 12)] if is_draft else questions, dice)
    SelfCheck.objects.bulk_create(checks, batch_size=1000)
    SelfCheckAnswer.objects.bulk_create(answers, batch_size=2000)
    return len(checks)


def _answers(
    check: SelfCheck, questions: Sequence[SelfCheckQuestion], dice: random.Random
) -> Iterator[SelfCheckAnswer]:
    """Answer every question as a school of some readiness would."""
    ready = dice.uniform(0.55, 0.98)
    for question in questions:
        answer = SelfCheckAnswer(self_check=check, question=question)
        if question.is_choice:
            missed = dice.random() > ready
            partly = Choice.PARTLY in question.choices and dice.random() < 0.6
            answer.choice = Choice.YES if not missed else Choice.PARTLY if partly else Choice.NO
            answer.why = dice.choice(_WHY) if answer.choice == Choice.NO else ""
        elif question.kind == QuestionKind.NUMBER:
            answer.number = dice.randint(1, 6)
        elif question.kind == QuestionKind.LINK:
            answer.text = f"https://school{check.obligation.organization.inn}.example/profminimum"
        else:
            answer.text = dice.choice(_HELP)
            if not answer.text:
                continue
        yield answer
