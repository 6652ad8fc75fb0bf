"""Editions of the questions read: an outline, and what one edition says otherwise than the one before."""

from collections.abc import Sequence

from obligations.closing import FormPart, PartChange, compare
from schools.models import SelfCheckForm
from schools.rules.self_checks import Block, sheet_of


def outline(form: SelfCheckForm) -> Sequence[Block]:
    """The questions of an edition, section by section, with their numbers."""
    return sheet_of(form, form.questions.all(), {}).blocks


def changes_of(form: SelfCheckForm) -> list[PartChange] | None:
    """Say what the edition changed against the one it took, or takes, the place of; None where there was none."""
    if form.region is None:
        return None
    before = (
        SelfCheckForm.objects.for_region(form.region, form.academic_year)
        .exclude(pk=form.pk)
        .exclude(region=form.region, academic_year=form.academic_year, edition__gt=form.edition)
        .first()
    )
    return None if before is None else compare(_parts(before), _parts(form))


def _parts(form: SelfCheckForm) -> list[FormPart]:
    """What of each question a reader of the history wants to know."""
    yes_no = {True: "да", False: "нет"}
    return [
        FormPart(
            question.key,
            question.text,
            (
                ("Вопрос", question.text),
                ("Раздел", question.section),
                ("Подсказка", question.hint),
                ("Ответ", question.get_kind_display()),
                ("Обязательный", yes_no[question.is_required]),
                ("Вес", str(question.weight)),
                ("Пояснение при «нет»", yes_no[question.wants_why]),
            ),
        )
        for question in form.questions.all()
    ]
