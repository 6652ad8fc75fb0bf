"""Hours of a plan held against the norms of its level. Pure."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from schools.planning.norms import DirectionNorm, LevelNorms


@dataclass(frozen=True)
class DirectionStanding:
    """How a direction of a plan stands: its hours against the minimum recommended for it."""

    norm: DirectionNorm
    hours: int
    is_there: bool
    """It has hours, or what stands for them: the agreement behind pre-professional classes."""

    @property
    def short(self) -> int:
        """How many hours less than recommended."""
        return max(self.norm.hours - self.hours, 0)

    @property
    def is_missing(self) -> bool:
        """The level requires the direction and it is not there."""
        return self.norm.is_required and not self.is_there


@dataclass(frozen=True)
class Weighing:
    """A plan against the norms of its level."""

    norms: LevelNorms
    directions: tuple[DirectionStanding, ...]

    @property
    def hours(self) -> int:
        """Hours of the whole plan."""
        return sum(direction.hours for direction in self.directions)

    @property
    def short(self) -> int:
        """How many hours less than the level demands: above nothing the plan cannot be handed in."""
        return max(self.norms.total - self.hours, 0)

    def unexplained(self, explained: Container[str]) -> list[DirectionStanding]:
        """Directions below the recommendation about which nothing is explained (``explained``: their codes)."""
        return [one for one in self.directions if one.short and one.norm.code not in explained]


def weigh(norms: LevelNorms, hours: Mapping[str, int], *, has_agreement: bool) -> Weighing:
    """Hold hours, by the code of the direction, against the norms of a level.

    The level's total is a hard minimum; a direction's is a recommendation. A direction that has no hours of its own
    is there once the partnership agreement behind it is named.
    """
    return Weighing(
        norms,
        tuple(
            DirectionStanding(
                norm,
                hours.get(norm.code, 0) if norm.has_hours else 0,
                hours.get(norm.code, 0) > 0 if norm.has_hours else has_agreement,
            )
            for norm in norms.directions
        ),
    )


@dataclass(frozen=True)
class PlanFault:
    """Why a plan cannot be handed in, in words for its author, and where in the form it is mended."""

    text: str
    place: str


def faults_of(weighing: Weighing, explained: Container[str]) -> list[PlanFault]:
    """Say everything that keeps a plan of a level from being handed in; nothing when it may be."""
    norms, found = weighing.norms, []
    if weighing.short:
        found.append(
            PlanFault(
                f"До {norms.total}\u00a0ч уровня «{norms.title}» не хватает {weighing.short}\u00a0ч:"
                f" запланировано {weighing.hours}\u00a0ч.",
                "totals",
            )
        )
    found += [
        PlanFault(
            f"«{one.norm.title}»: {one.hours}\u00a0ч вместо рекомендованных {one.norm.hours}\u00a0ч. Добавьте часы или"
            " поясните, почему меньше.",
            f"direction-{one.norm.code}",
        )
        for one in weighing.unexplained(explained)
    ]
    found += [
        PlanFault(
            f"«{one.norm.title}»: на уровне «{norms.title}» они обязательны. Назовите партнёрское соглашение:"
            " партнёра, номер и дату.",
            f"direction-{one.norm.code}",
        )
        for one in weighing.directions
        if one.is_missing
    ]
    return found
