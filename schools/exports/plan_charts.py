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


def levels_chart(progress: PlanProgress) -> StackedBars:
    """Schools by the level of their accepted plan, municipality by municipality; the rest has none yet."""
    series = [(title, _LEVEL_ROLES[min(place, len(_LEVEL_ROLES) - 1)]) for place, title in enumerate(progress.levels)]
    bars = [Bar(f"{part.name}: {part.planned}\u00a0ч", (*part.levels, part.missing)) for part in progress.parts]
    return StackedBars("Школы по уровням принятых планов", (*series, ("План не принят", SeriesRole.OVERDUE)), bars)
