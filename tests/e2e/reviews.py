"""Obligations of the demonstration's school brought to where every page of a review has something to show."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from obligations.actions import Answer, NewRemark, ask_extension, hand_in, send_back
from obligations.evidence import Link
from obligations.models import Evidence, Obligation, RemarkField
from obligations.states import ReturnReason


def stage_reviews() -> dict[str, int]:
    """Return ids by what is to be seen.

    ``sent_back`` with its ``piece`` of evidence, ``changed`` since the return, ``asking`` for more time by
    ``request``, and ``untouched``.
    """
    elena, boris = (User.objects.get(email=f"{name}@demo.example") for name in ("deputy", "coordinator"))
    owed = (
        Obligation.objects.owed_by(elena)
        .filter(state="open", requirement__form="evidence")
        .order_by("-requirement__academic_year", "due_on", "pk")
    )
    sent_back, changed, asking, untouched = owed[:4]
    _return_with_remarks(sent_back, elena, boris)
    _return_with_remarks(changed, elena, boris)
    rewritten = Answer(note="Проведены беседы в 8 и 9 классах, участвовали 36 учеников.")
    hand_in(obligation=changed, answer=rewritten, by=elena, at=timezone.now())
    wanted_on = date(asking.requirement.academic_year + 1, 8, 31)
    request = ask_extension(
        obligation=asking, wanted_on=wanted_on, grounds="Приказ на подписи.", by=elena, at=timezone.now()
    )
    return {
        "sent_back": sent_back.pk,
        "piece": Evidence.objects.get(obligation=sent_back).pk,
        "changed": changed.pk,
        "asking": asking.pk,
        "request": request.pk,
        "untouched": untouched.pk,
    }


def _return_with_remarks(obligation: Obligation, owner: User, reviewer: User) -> None:
    """Hand in a note and a link; send both back, each with a remark."""
    answer = Answer(
        note="Проведена беседа в 9 классе, участвовали 24 ученика.",
        links=[Link("https://school.example/prikaz", "Приказ на сайте")],
    )
    hand_in(obligation=obligation, answer=answer, by=owner, at=timezone.now())
    remarks = [
        NewRemark(RemarkField.NOTE, "А в 8 классе?"),
        NewRemark(RemarkField.EVIDENCE, "Нет подписи директора.", obligation.evidence.get().pk),
    ]
    send_back(
        obligation=obligation,
        reason=ReturnReason.NOT_SIGNED,
        comment="Приложите подписанный приказ.",
        remarks=remarks,
        by=reviewer,
        at=timezone.now(),
    )
