"""How the stories of this folder bring a list in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import Organization, Region, User
from schools.imports import ImportOutcome
from schools.imports.importing import import_rows
from schools.imports.reading import SchoolList

Import = Callable[..., ImportOutcome]


@pytest.fixture
def bring_in(region: Region, ministry: Organization, now: datetime) -> Import:
    """Import a list that was read already into Tambov region, by default for 2023/2024."""

    def _bring_in(
        rows: SchoolList,
        *,
        academic_year: int = 2023,
        dry_run: bool = False,
        by: User | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> ImportOutcome:
        return import_rows(
            region=region,
            listed=rows,
            filename="schools.xlsx",
            checksum="0" * 64,
            academic_year=academic_year,
            by=by,
            now=at or now,
            dry_run=dry_run,
            **more,
        )

    return _bring_in
