"""axe-core in a page under test: what it finds is a fault of the page."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.1 A and AA, and the good practice every page keeps: one h1, landmarks, no skipped headings.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")


@dataclass(frozen=True)
class Violation:
    """One broken rule and the elements that break it."""

    rule: str
    impact: str
    help: str
    targets: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}): {self.help} — {'; '.join(self.targets)}"


@cache
def _source() -> str:
    """Read axe-core as npm installed it."""
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[Violation]:
    """Run axe in the page as it stands and return what it finds; an empty list is a clean page.

    The script goes in through the debugger's door, so that the page's content security policy stays in force.
    """
    page.evaluate(_source())
    # Only violations are told of in full: to describe all that is in order takes longer than to look at it.
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", list(RULES)
    )
    return [
        Violation(
            rule=violation["id"],
            impact=violation["impact"],
            help=violation["help"],
            targets=tuple(" ".join(map(str, node["target"])) for node in violation["nodes"]),
        )
        for violation in found["violations"]
    ]
