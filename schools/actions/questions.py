"""The ministry's questions of the self-check: a draft made of the edition in force, changed, put into force."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from accounts.models import Region, User
from schools.models import QuestionKind, SelfCheckForm, SelfCheckQuestion
from schools.rules.self_checks import edition_in_force

log = structlog.get_logger(__name__)


class QuestionsRefused(Exception):
    """The questions cannot be changed like this; the message is for the person who tried."""


@dataclass(frozen=True)
class Wording:
    """What a question says and how it counts; ``place`` is its place among all, from one."""

    section: str
    text: str
    hint: str
    kind: QuestionKind
    is_required: bool
    weight: int
    wants_why: bool
    place: int


def prepare_edition(*, region: Region, academic_year: int, by: User, now: datetime) -> SelfCheckForm:
    """Return the draft of the year, made of the questions in force where there is none yet."""
    drafts = SelfCheckForm.objects.drafts().filter(region=region, academic_year=academic_year)
    if draft := drafts.first():
        return draft
    in_force = edition_in_force(region, academic_year)
    last = SelfCheckForm.objects.filter(region=region, academic_year=academic_year).first()
    try:
        with transaction.atomic():
            draft = SelfCheckForm.objects.create(
                region=region,
                academic_year=academic_year,
                edition=last.edition + 1 if last else 1,
                created_by=by,
                created_at=now,
            )
            SelfCheckQuestion.objects.bulk_create(
                _copy(question, draft) for question in (in_force.questions.all() if in_force else ())
            )
    except IntegrityError:
        # A colleague has begun in the same moment: there is one draft, theirs.
        return drafts.get()
    return draft


def save_question(*, form: SelfCheckForm, question: SelfCheckQuestion | None, wording: Wording) -> SelfCheckQuestion:
    """Add a question to a draft or change one. Raises QuestionsRefused once the edition is in force."""
    with transaction.atomic():
        draft = _lock(form)
        row = question or SelfCheckQuestion(form=draft, key=uuid.uuid4().hex)
        row.section, row.text, row.hint, row.kind = wording.section, wording.text, wording.hint, wording.kind
        row.is_required = wording.is_required
        row.weight = wording.weight if row.is_choice else 0
        row.wants_why = wording.wants_why and row.is_choice
        row.position = 0
        row.save()
        _put_at(draft, row, wording.place)
    return row


def remove_question(*, question: SelfCheckQuestion) -> None:
    """Take a question out of a draft; what schools answered to it by earlier editions stays."""
    with transaction.atomic():
        _lock(question.form)
        question.delete()


def publish_edition(*, form: SelfCheckForm, basis: str, by: User, now: datetime) -> None:
    """Put a draft into force. Raises QuestionsRefused when it is already, or asks nothing."""
    with transaction.atomic():
        draft = _lock(form)
        if not draft.questions.exists():
            raise QuestionsRefused("В редакции нет ни одного вопроса.")
        draft.basis, draft.published_by, draft.published_at = basis.strip(), by, now
        draft.save()
    log.info("self-check questions published", form=form.pk, by=by.pk)


def discard_edition(*, form: SelfCheckForm) -> None:
    """Throw a draft away. Raises QuestionsRefused once it is in force."""
    with transaction.atomic():
        _lock(form).delete()


def _lock(form: SelfCheckForm) -> SelfCheckForm:
    """Lock a draft; raises QuestionsRefused when it is none any more."""
    draft = SelfCheckForm.objects.select_for_update(of=("self",)).filter(pk=form.pk).first()
    if draft is None or not draft.is_draft:
        raise QuestionsRefused("Эта редакция уже введена в действие: изменить её нельзя. Подготовьте новую.")
    return draft


def _put_at(form: SelfCheckForm, row: SelfCheckQuestion, place: int) -> None:
    """Number the questions anew with one of them at a place; those of one section stand together."""
    others = [one for one in form.questions.all() if one.pk != row.pk]
    others.insert(max(place - 1, 0), row)
    sections = list(dict.fromkeys(one.section for one in others))
    others.sort(key=lambda one: sections.index(one.section))
    for position, one in enumerate(others, start=1):
        one.position = position
    SelfCheckQuestion.objects.bulk_update(others, ["position"])


def _copy(question: SelfCheckQuestion, form: SelfCheckForm) -> SelfCheckQuestion:
    return SelfCheckQuestion(
        form=form,
        **{
            name: getattr(question, name)
            for name in ("key", "position", "section", "text", "hint", "kind", "is_required", "weight", "wants_why")
        },
    )
