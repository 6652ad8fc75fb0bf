"""What a school writes: its self-check as a draft, and handing it in."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from obligations import rules as obligation_rules
from obligations import workflow
from obligations.models import Obligation, ReviewStep
from obligations.states import Act
from schools.models import Said, SelfCheck, SelfCheckAnswer
from schools.rules.self_checks import edition_for


class SelfCheckRefused(Exception):
    """The answers cannot be kept as they are; the message is for the person who wrote them."""


def save_self_check(
    *,
    obligation: Obligation,
    edition: int | None,
    said: Mapping[str, Said],
    version: int,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> SelfCheck:
    """Keep the answers, by the keys of their questions, in place of those that stood there.

    ``edition`` is the id of the edition the person had before their eyes. Raises TransitionRefused when the
    obligation is locked or has moved since ``seen``, SelfCheckRefused when the questions are others by now or
    somebody else has saved since ``version``; then nothing has changed.
    """
    with transaction.atomic():
        locked = workflow.lock(obligation=obligation, act=Act.SUBMIT, seen=seen)
        if not obligation_rules.can_edit(by, locked):
            raise PermissionDenied
        known = SelfCheck.objects.select_related("form").filter(obligation=locked).first()
        form = edition_for(locked, known)
        if form is None or form.pk != edition:
            raise SelfCheckRefused(
                "Министерство ввело в действие новую редакцию вопросов. Ваши ответы перенесены на неё: проверьте их."
            )
        if (known.version if known else 0) != version:
            raise SelfCheckRefused(
                "Пока страница была открыта, ответы сохранил другой человек. Ниже — то, что написали вы: "
                "сохраните ещё раз, и ваши ответы заменят его."
            )
        check = known or SelfCheck(obligation=locked)
        check.form, check.version, check.saved_by, check.saved_at = form, version + 1, by, at
        check.save()
        check.answers.all().delete()
        SelfCheckAnswer.objects.bulk_create(
            SelfCheckAnswer(
                self_check=check,
                question=question,
                choice=answer.choice,
                number=answer.number,
                text=answer.text,
                why=answer.why,
            )
            for question in form.questions.all()
            if (answer := said.get(question.key)) and answer != Said()
        )
    return check


def hand_in_self_check(
    *,
    obligation: Obligation,
    edition: int | None,
    said: Mapping[str, Said],
    version: int,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> ReviewStep:
    """Keep the answers and hand them in, both or neither. Raises what saving and ``workflow.advance`` raise."""
    with transaction.atomic():
        save_self_check(obligation=obligation, edition=edition, said=said, version=version, by=by, at=at, seen=seen)
        return workflow.advance(obligation=obligation, act=Act.SUBMIT, by=by, at=at)
