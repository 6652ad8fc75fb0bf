"""The norms that bind a plan, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DirectionNorm:
    """What is asked of one direction: minimum hours, or that it be there. ``code`` keys everything about it."""

    code: str
    title: str
    hours: int = 0
    is_required: bool = False
    has_hours: bool = True

    @property
    def is_asked(self) -> bool:
        """The level asks something of the direction."""
        return self.is_required or self.hours > 0


@dataclass(frozen=True)
class LevelNorms:
    """What a level asks: hours of the whole year and of each direction, all directions in order."""

    code: str
    title: str
    total: int
    directions: tuple[DirectionNorm, ...]
