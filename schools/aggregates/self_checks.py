"""Self-checks read: what stands as the answer to each question."""

from obligations.models import Obligation
from schools.models import Said, SelfCheck
from schools.rules.self_checks import Sheet, edition_for, sheet_of


def read_sheet(obligation: Obligation) -> Sheet | None:
    """Read the self-check of an obligation; None where nobody has set any questions.

    Answers to an earlier edition stand where the same question is asked again in the same way.
    """
    known = SelfCheck.objects.select_related("form").filter(obligation=obligation).first()
    form = edition_for(obligation, known)
    if form is None:
        return None
    questions = list(form.questions.all())
    kinds = {question.key: question.kind for question in questions}
    said: dict[str, Said] = {}
    if known is not None:
        for answer in known.answers.select_related("question"):
            if kinds.get(answer.question.key) == answer.question.kind:
                said[answer.question.key] = answer.said
    return sheet_of(form, questions, said, version=known.version if known else 0)
