"""The self-check as the form that closes an obligation (order 2381, item 3.1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import OrganizationKind
from obligations.closing import ClosingForm, FormPart
from obligations.models import Obligation, RequirementForm
from schools.aggregates.self_checks import read_sheet
from schools.models import Choice, SelfCheckAnswer

NO_QUESTIONS = "Министерство ещё не составило вопросы самодиагностики на этот учебный год."


def _context(obligation: Obligation) -> Mapping[str, Any]:
    """What the page of the obligation shows of the self-check."""
    return {"sheet": read_sheet(obligation)}


def _fault(obligation: Obligation, _today: date) -> str:
    """Say why the self-check cannot be handed in; it may be on any day."""
    sheet = read_sheet(obligation)
    return NO_QUESTIONS if sheet is None else sheet.fault


def _parts(obligation: Obligation) -> Sequence[FormPart]:
    """Each question by the key that outlives editions."""
    sheet = read_sheet(obligation)
    return [
        FormPart(row.question.key, row.title, (("Ответ", row.answer), ("Пояснение", row.said.why)))
        for row in (sheet.rows if sheet else ())
    ]


def _clean() -> Q:
    """Handed in for the first time, and nothing is answered «нет»: what is not there wants a look."""
    refused = SelfCheckAnswer.objects.filter(self_check__obligation=OuterRef("pk"), choice=Choice.NO)
    return Q(self_check__isnull=False) & ~Q(Exists(refused))


SELF_CHECK = ClosingForm(
    form=RequirementForm.SELF_CHECK,
    url_name="schools:self_check",
    kinds=frozenset({OrganizationKind.SCHOOL}),
    invitation="Ответьте на вопросы самодиагностики и сдайте её на проверку. Черновик сохраняется.",
    action="Пройти самодиагностику",
    template="schools/_self_check.html",
    context=_context,
    fault=_fault,
    parts=_parts,
    clean=_clean,
)
