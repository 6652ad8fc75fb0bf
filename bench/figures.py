"""What was measured, held against its limit: medians, ratios, verdicts and the table of them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any

HEADS = ("work", "size", "rounds", "ours", "limit", "ratio", "goal", "", "note")
SECONDS, MEGABYTES = "s", "MB"


class Verdict(StrEnum):
    """Whether a figure keeps within its goal."""

    OK = "ok"
    OVER = "OVER"
    FREE = ""
    """Nobody has set a goal: reported to be known."""


@dataclass(frozen=True)
class Figure:
    """Rounds of one work at one size, and of the limit they are held against.

    ``limit`` may be empty: then there is nothing to hold against. ``goal`` is the largest ratio of the medians
    that is good enough. ``queries`` are the counts that have to be one and the same.
    """

    work: str
    size: str
    ours: Sequence[float]
    limit: Sequence[float] = ()
    goal: float | None = None
    queries: Sequence[int] = ()
    unit: str = SECONDS
    note: str = ""

    @property
    def median(self) -> float:
        """The median of our rounds."""
        return median(self.ours)

    @property
    def limit_median(self) -> float | None:
        """The median of the limit's rounds."""
        return median(self.limit) if self.limit else None

    @property
    def ratio(self) -> float | None:
        """Our median in limits."""
        limit = self.limit_median
        return self.median / limit if limit else None

    @property
    def verdict(self) -> Verdict:
        """Within the goal or over it, by the ratio as the table shows it."""
        if len(set(self.queries)) > 1:
            return Verdict.OVER
        if self.goal is None or self.ratio is None:
            return Verdict.FREE
        return Verdict.OK if round(self.ratio, 2) <= self.goal else Verdict.OVER

    @property
    def remark(self) -> str:
        """The note, after the queries that were counted."""
        counted = "/".join(str(count) for count in dict.fromkeys(self.queries))
        return "; ".join(part for part in (f"{counted} queries" if counted else "", self.note) if part)

    def cells(self) -> tuple[str, ...]:
        """The figure as a row of the table, in the order of HEADS."""
        return (
            self.work,
            self.size,
            str(len(self.ours)),
            amount(self.median, self.unit),
            "—" if self.limit_median is None else amount(self.limit_median, self.unit),
            "—" if self.ratio is None else f"{self.ratio:.2f}",
            "—" if self.goal is None else f"≤ {self.goal:g}",
            self.verdict.value,
            self.remark,
        )

    def as_json(self) -> Mapping[str, Any]:
        """The figure with all its rounds."""
        return {
            "work": self.work,
            "size": self.size,
            "unit": self.unit,
            "ours": list(self.ours),
            "limit": list(self.limit),
            "median": self.median,
            "limit_median": self.limit_median,
            "ratio": self.ratio,
            "goal": self.goal,
            "queries": list(self.queries),
            "verdict": self.verdict.value,
            "note": self.note,
        }


def amount(value: float, unit: str) -> str:
    """Write a quantity with three digits that matter: «0.41 ms», «12.3 ms», «1.53 s», «310 MB»."""
    if unit == SECONDS and value < 1:
        value, unit = value * 1000, "ms"
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{decimals}f} {unit}"


def table(figures: Iterable[Figure]) -> str:
    """Lay the figures out as a Markdown table that is as easily read in a terminal."""
    rows = [HEADS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
