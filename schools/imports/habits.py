"""What the portal knows of a region's files before it reads one: heads that were explained, names of sheets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from accounts.models import Region
from schools.imports.places import Places
from schools.models import ColumnMapping, ListKind
from sheets.checks import CheckError


@dataclass
class Habits:
    """The heads that somebody has explained, by their `head_key`, and the municipalities sheets may be named after."""

    mappings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    region: Region | None = None
    head_rows: Mapping[str, int] = field(default_factory=dict)
    """Where a person says the head of a sheet stands, by the sheet's name."""

    @classmethod
    def of(cls, region: Region, kind: str = ListKind.SCHOOLS) -> Self:
        """Read what is remembered for a region and a kind of list; one query."""
        mappings = ColumnMapping.objects.filter(region=region, kind=kind).values_list("head", "fields")
        return cls(dict(mappings), region)

    @cached_property
    def _places(self) -> Places:
        # Asked of a sheet without a column of municipalities alone, and few have none.
        return Places.of(self.region) if self.region else Places(())

    def is_place(self, name: str) -> bool:
        """Whether a sheet of this name holds the schools of one municipality, or of the region itself."""
        try:
            self._places.find(name)
        except CheckError:
            return False
        return True
