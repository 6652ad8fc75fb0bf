"""What a person says of a table's columns is remembered, and may be forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from accounts.models import Region, User
from schools.models import ColumnMapping

log = structlog.get_logger(__name__)


def remember_mapping(
    *,
    region: Region,
    kind: str,
    head: str,
    titles: Sequence[str],
    fields: Mapping[str, str],
    by: User,
    now: datetime,
) -> ColumnMapping:
    """Keep what the columns under such a head mean; what was kept of the same head before is replaced."""
    mapping, _ = ColumnMapping.objects.update_or_create(
        region=region,
        kind=kind,
        head=head,
        defaults={"titles": list(titles), "fields": dict(fields), "by": by, "at": now},
    )
    log.info("columns_remembered", region=region.code, kind=kind, mapping=mapping.pk, by=by.pk)
    return mapping


def forget_mapping(*, mapping: ColumnMapping, by: User) -> None:
    """Read such tables by their titles alone again."""
    log.info("columns_forgotten", region=mapping.region.code, kind=mapping.kind, mapping=mapping.pk, by=by.pk)
    mapping.delete()
