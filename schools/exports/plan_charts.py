"""Charts of plans: the same drawing on a page and in a file."""

from exports.documents import Bar, SeriesRole, StackedBars
from schools.aggregates.plan_progress import PlanProgress
from schools.aggregates.plans import PlanSheet

_HELD = (
    ("Проведено", SeriesRole.DONE),
    ("Сверх плана", SeriesRole.REVIEW),
    ("Ещё не проведено", SeriesRole.OPEN),
)


def plan_chart(sheet: PlanSheet) -> StackedBars:
    """Plan against fact, direction by direction, in hours."""
    bars = [
        Bar(
            f"{direction.standing.norm.title}: {direction.outlook.done} из {direction.outlook.planned}\u00a0ч",
            (
                min(direction.outlook.done, direction.outlook.planned),
                direction.outlook.beyond,
                direction.outlook.left,
            ),
        )
        for direction in sheet.shown
        if direction.standing.norm.has_hours
    ]
    return StackedBars("План и факт по направлениям, часов", _HELD, bars)


# A level by its place; the paints of states serve, told by the legend and the pattern.
_LEVEL_ROLES = (SeriesRole.OPEN, SeriesRole.REVIEW, SeriesRole.DONE)


# So many bars of a chart fit a sheet of paper; the first stands below the head of the report.
_FIRST_BARS, _MORE_BARS = 8, 12


def levels_chart(progress: PlanProgress) -> StackedBars:
    """Schools by the level of their accepted plan, municipality by municipality; the rest has none yet."""
    series = [(title, _LEVEL_ROLES[min(place, len(_LEVEL_ROLES) - 1)]) for place, title in enumerate(progress.levels)]
    bars = [Bar(f"{part.name}: {part.planned}\u00a0ч", (*part.levels, part.missing)) for part in progress.parts]
    return StackedBars("Школы по уровням принятых планов", (*series, ("План не принят", SeriesRole.OVERDUE)), bars)


def on_paper(chart: StackedBars) -> list[StackedBars]:
    """Part a long chart into as many as there are sheets of paper for it."""
    bars, parts = list(chart.bars), []
    size = _FIRST_BARS
    while bars:
        parts.append(bars[:size])
        bars, size = bars[size:], _MORE_BARS
    if len(parts) < 2:
        return [chart]
    return [
        StackedBars(f"{chart.title} ({number} из {len(parts)})", chart.series, part)
        for number, part in enumerate(parts, start=1)
    ]
