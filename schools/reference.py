"""Norms, model plans and questions of the self-check as published: the files of ``fixtures/``, read once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@dataclass(frozen=True)
class ModelLine:
    """A line of a model plan."""

    direction: str
    what: str
    grades: str
    hours: int
    first_month: int
    last_month: int
    who: str


@cache
def federal_norms() -> Mapping[str, Any]:
    """Return the norms of the federal methodology: directions, and for each level its total and minimum hours."""
    content: dict[str, Any] = json.loads((FIXTURES / "norms.json").read_text())
    return content


@cache
def model_plan(level: str) -> tuple[ModelLine, ...]:
    """Return the lines of the model plan of a level, by its code; none for a level nobody wrote one for."""
    content: dict[str, Any] = json.loads((FIXTURES / "model_plan.json").read_text())
    return tuple(ModelLine(**line) for line in content["levels"].get(level, []))


@cache
def default_questions() -> Mapping[str, Any]:
    """Return the questions of the self-check that a region starts from: year, basis, questions in their order."""
    content: dict[str, Any] = json.loads((FIXTURES / "self_check.json").read_text())
    return content
