"""Reference data of a region: its tree of organizations and how its documents call them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import BodyAlias, Organization, OrganizationKind, Region

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@dataclass(frozen=True)
class RegionDirectory:
    """A region with the organizations that other data refers to by code."""

    region: Region
    ministry: Organization
    by_code: dict[str, Organization]


def load_region(*, is_demonstration: bool = False) -> RegionDirectory:
    """Load the region of ``fixtures/``: ministry, institutions, municipalities, names of bodies.

    Run again it changes nothing that people have edited since: it only adds what is missing.
    """
    facts = _read("region.json")
    with transaction.atomic():
        region, _ = Region.objects.get_or_create(
            code=facts["code"],
            defaults={
                "name": facts["name"],
                "name_genitive": facts["name_genitive"],
                "time_zone": facts["time_zone"],
                "is_demonstration": is_demonstration,
            },
        )
        ministry = _organization(region, None, facts["ministry"])
        by_code = {ministry.code: ministry}
        for institution in facts["institutions"]:
            organization = _organization(region, ministry, institution)
            by_code[organization.code] = organization
        for municipality in _read("municipalities.json"):
            organization = _organization(
                region,
                ministry,
                {
                    "code": municipality["code"],
                    "kind": OrganizationKind.MUNICIPALITY,
                    "name": municipality["authority"],
                    "short_name": municipality["short_name"],
                },
            )
            by_code[organization.code] = organization
        _load_aliases(region, by_code)
    return RegionDirectory(region, ministry, by_code)


def prepare_database() -> None:
    """Make the tables of an embedded installation that has never run, so that a command may be its first start.

    In production migrating is a step of its own; without it this raises CommandError, which says so.
    """
    if Region._meta.db_table in connection.introspection.table_names():
        return
    if settings.PRODUCTION:
        raise CommandError("В базе данных нет таблиц портала. Сначала выполните: manage.py migrate.")
    call_command("migrate", verbosity=0)


def region_or_default(code: str | None) -> Region | None:
    """Find the region a command works on: the one named, or the only one there is.

    On an empty database the reference region is loaded first, so that the first document a new
    installation reads has organizations to resolve against. Returns None when the name is unknown
    or several regions leave the choice open.
    """
    if code:
        return Region.objects.filter(code=code).first()
    if not Region.objects.exists():
        return load_region().region
    regions = list(Region.objects.all()[:2])
    return regions[0] if len(regions) == 1 else None


def _organization(region: Region, parent: Organization | None, facts: dict[str, Any]) -> Organization:
    """Find an organization by its code or create it."""
    organization, _ = Organization.objects.get_or_create(
        region=region,
        code=facts["code"],
        defaults={
            "parent": parent,
            "kind": facts["kind"],
            "name": facts["name"],
            "short_name": facts["short_name"],
        },
    )
    return organization


def _load_aliases(region: Region, by_code: dict[str, Organization]) -> None:
    """Add the names of bodies that the region does not know yet."""
    known = {text.lower() for text in BodyAlias.objects.filter(region=region).values_list("text", flat=True)}
    missing: dict[str, BodyAlias] = {}
    for entry in _read("body_names.json"):
        text = entry["text"]
        if text.lower() in known or text.lower() in missing:
            continue
        missing[text.lower()] = BodyAlias(
            region=region,
            text=text,
            organization=by_code[entry["organization"]] if "organization" in entry else None,
            group=entry.get("group", ""),
        )
    BodyAlias.objects.bulk_create(missing.values())


def _read(name: str) -> Any:
    """Read one JSON file of reference data."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
