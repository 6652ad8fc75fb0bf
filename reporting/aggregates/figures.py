"""The figures of a report on a roadmap, and what each of them means."""

from dataclasses import dataclass
from datetime import date, datetime

from obligations.aggregates import Tally
from reporting.scopes import Scope
from roadmap.models import Roadmap

NO_DATE = "срок не определён"
NO_BODY = "исполнители не определены"
SOME_BODIES = "часть исполнителей не определена"
NO_OBLIGATIONS = "поручений нет"

DEFINITIONS = (
    (
        "Поручение — одно мероприятие с одним сроком, порученное одной организации. Снятые поручения не учитываются. "
        "Поручений = принято + на проверке + не сдано."
    ),
    (
        "На проверке — сдано и ждёт решения, в том числе сообщения «нечего отчитаться». "
        "Не сдано — к исполнению, возвращено на доработку или открыто повторно."
    ),
    "Просрочено — из не сданных те, срок которых прошёл. День срока входит в срок: просрочка начинается назавтра.",
    (
        "Сдано в срок — доля впервые сданных не позднее дня срока среди тех, что уже сданы или срок которых прошёл. "
        "«—» — таких поручений пока нет."
    ),
    "Мероприятия без даты («по отдельному плану») и без определённых исполнителей показаны с нулём поручений.",
)


@dataclass(frozen=True)
class ItemProgress:
    """One row of the report: an item and how its obligations stand."""

    pk: int
    number: str
    title: str
    deadline_text: str
    last_due_on: date | None
    bodies: str
    note: str
    tally: Tally


@dataclass(frozen=True)
class SectionProgress:
    """A section: its items and their sum."""

    number: str
    title: str
    items: tuple[ItemProgress, ...]
    tally: Tally

    @property
    def label(self) -> str:
        """The section as the order heads it: «I. Организационно-управленческое обеспечение…»."""
        return f"{self.number.rstrip('.')}. {self.title}" if self.number else self.title


@dataclass(frozen=True)
class ScopeProgress:
    """A part of the region: its sections and their sum."""

    scope: Scope
    sections: tuple[SectionProgress, ...]
    totals: Tally


@dataclass(frozen=True)
class OrganizationProgress:
    """How one organization stands with everything it owes."""

    name: str
    tally: Tally


@dataclass(frozen=True)
class RoadmapProgress:
    """The whole report. ``parts`` divide a region; ``organizations`` divide anything smaller."""

    roadmap: Roadmap
    scope: Scope
    cut_off: datetime
    totals: Tally
    sections: tuple[SectionProgress, ...]
    by_municipality: tuple[ScopeProgress, ...]
    organizations: tuple[OrganizationProgress, ...]

    @property
    def items(self) -> tuple[ItemProgress, ...]:
        """Every item, in the order of the roadmap."""
        return tuple(item for section in self.sections for item in section.items)
