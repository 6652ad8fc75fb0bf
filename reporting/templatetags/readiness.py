"""What templates ask of the report on readiness: ``{% load readiness %}``."""

from django import template

from reporting.aggregates.readiness import Answers, Part, Question

register = template.Library()


@register.simple_tag
def answers_to(part: Part, question: Question) -> Answers:
    """How a part of the region answered a question."""
    return part.to(question)
