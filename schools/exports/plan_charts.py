"""Charts of plans: the same drawing on a page and in a file."""

from exports.documents import Bar, SeriesRole, StackedBars
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
