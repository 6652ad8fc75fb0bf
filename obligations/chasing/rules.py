"""Which reminder schedule stands for which requirement: few rows, read at once, asked of many obligations."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from accounts.models import Region
from obligations.chasing.schedules import DEFAULT_SCHEDULE, ReminderSchedule
from obligations.models import ReminderRule, Requirement


@dataclass(frozen=True)
class Schedules:
    """The general schedule of a region and those of single requirements, by requirement id."""

    general: ReminderSchedule = DEFAULT_SCHEDULE
    own: Mapping[int, ReminderSchedule] = field(default_factory=dict)

    def of(self, requirement_id: int) -> ReminderSchedule:
        """Return the schedule that stands for the requirement."""
        return self.own.get(requirement_id, self.general)

    def reminded(self, covered: Collection[date]) -> Q:
        """The condition on obligations: their reminder falls on one of the days."""
        return self._each(lambda schedule: Q(due_on__in=sorted(schedule.due_dates(covered))))

    def over_coordinator(self, today: date) -> Q:
        """The condition on obligations: overdue for so long that the reviewer hears of them."""
        return self._each(lambda schedule: Q(due_on__lt=today - timedelta(days=schedule.coordinator_after)))

    def over_ministry(self, today: date) -> Q:
        """The condition on obligations: overdue for so long that the ministry hears of a municipality's school."""
        return self._each(lambda schedule: Q(due_on__lt=today - timedelta(days=schedule.ministry_after)))

    def _each(self, condition: Callable[[ReminderSchedule], Q]) -> Q:
        """Join the condition of each schedule, so that one query serves them all."""
        if not self.own:
            return condition(self.general)
        groups: dict[ReminderSchedule, list[int]] = defaultdict(list)
        for requirement_id, schedule in self.own.items():
            groups[schedule].append(requirement_id)
        joined = condition(self.general) & ~Q(requirement__in=sorted(self.own))
        for schedule, ids in groups.items():
            joined |= condition(schedule) & Q(requirement__in=sorted(ids))
        return joined


def read_schedules(region: Region, requirement: Requirement | None = None) -> Schedules:
    """Read the schedules in force in the region, in one query; without any rule the default stands.

    Asked for one requirement, it reads no other's.
    """
    general, own = DEFAULT_SCHEDULE, dict[int, ReminderSchedule]()
    rules = ReminderRule.objects.filter(region=region)
    if requirement is not None:
        rules = rules.filter(Q(requirement=None) | Q(requirement=requirement))
    for rule in rules.order_by("pk"):
        if rule.requirement_id is None:
            general = rule.schedule
        elif rule.is_general:
            own.pop(rule.requirement_id, None)
        else:
            own[rule.requirement_id] = rule.schedule
    return Schedules(general, own)
