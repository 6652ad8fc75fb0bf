"""Which form closes an item, guessed from the words of its title; a person sees the guess and may correct it. Pure."""

import re

from obligations.models import RequirementForm

_PLAN = re.compile(
    r"(?<!\w)план\w{0,2}\s+(?:по\s+)?профориентацион\w+\s+(?:работ|деятельност|мероприяти)", re.IGNORECASE
)
_SELF_CHECK = re.compile(r"самодиагностик|самообследован|самооценк|самоанализ\w*\s+готовност", re.IGNORECASE)
_BY_SCHOOL = re.compile(r"образовательн\w+\s+организаци|школ|(?<!\w)ОО(?!\w)", re.IGNORECASE)
_OF_SCHOOL_READINESS = re.compile(r"готовност", re.IGNORECASE)
# A plan that others monitor, collect or approve is not the plan being written.
_ABOUT_PLANS = re.compile(r"мониторинг|анализ|экспертиз|контрол|сбор", re.IGNORECASE)


def suggest_form(title: str) -> RequirementForm:
    """Guess the form: a school's plan of career guidance, a self-check of readiness, else evidence."""
    if _SELF_CHECK.search(title) and _OF_SCHOOL_READINESS.search(title):
        return RequirementForm.SELF_CHECK
    if _PLAN.search(title) and _BY_SCHOOL.search(title) and not _ABOUT_PLANS.search(title):
        return RequirementForm.PLAN
    return RequirementForm.EVIDENCE
