"""Step five: the plan is written in bulk; the number of queries follows the number of batches, not of schools."""

from collections.abc import Iterable, Mapping, Sequence

from import_export.results import RowResult

from accounts.models import Organization, OrganizationKind, OrganizationTrait, Region, Trait
from schools.imports.records import CONTACT, ORGANIZATION, SEARCHED, SchoolRecord, differs
from schools.models import Level, SchoolProfile, SchoolYear

BATCH = 1000
_DELETED_AT_ONCE = 500
_NOTHING = SchoolRecord()


def write_schools(
    rows: Sequence[RowResult], *, region: Region, academic_year: int, levels: Mapping[int, Level]
) -> None:
    """Write new and changed schools with profile, level and trait; runs inside the import's transaction."""
    pairs = [(_before(row), row.instance) for row in rows]
    _write_organizations(pairs, region)
    _write_profiles(pairs)
    _write_levels(pairs, academic_year, levels)
    _write_tickets(pairs, academic_year)


_Pairs = Sequence[tuple[SchoolRecord, SchoolRecord]]


def _before(row: RowResult) -> SchoolRecord:
    """What was known of the school: nothing of a new one, the same of an unchanged one."""
    if row.is_new():
        return _NOTHING
    original: SchoolRecord | None = row.original
    return row.instance if original is None else original


def _write_organizations(pairs: _Pairs, region: Region) -> None:
    """Insert new organizations and upsert changed ones by id: the unique INN is partial and no target for an upsert."""
    new = [record for _, record in pairs if record.pk is None]
    for record, organization in zip(
        new,
        Organization.objects.bulk_create([_organization(record, region) for record in new], batch_size=BATCH),
        strict=True,
    ):
        record.pk = organization.pk
    changed = [
        _organization(after, region)
        for before, after in pairs
        if before.pk is not None and differs(before, after, ORGANIZATION)
    ]
    Organization.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["parent", "name", "short_name", "site", "is_active"],
    )


def _organization(record: SchoolRecord, region: Region) -> Organization:
    return Organization(
        pk=record.pk,
        region=region,
        parent_id=record.municipality,
        kind=OrganizationKind.SCHOOL,
        name=record.name,
        short_name=record.short_name,
        inn=record.inn,
        site=record.site,
        is_active=record.is_active,
    )


def _write_profiles(pairs: _Pairs) -> None:
    """Upsert contacts and what schools are searched by; a school that has no profile yet gets one."""
    profiles = []
    for before, after in pairs:
        if after.has_profile and not differs(before, after, SEARCHED + CONTACT):
            continue
        profile = SchoolProfile(
            organization_id=after.organization_id, **{name: getattr(after, name) for name in CONTACT}
        )
        profile.search_text = profile.words(Organization(name=after.name, short_name=after.short_name, inn=after.inn))
        profiles.append(profile)
    SchoolProfile.objects.bulk_create(
        profiles,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["organization"],
        update_fields=[*CONTACT, "search_text"],
    )


def _write_levels(pairs: _Pairs, academic_year: int, levels: Mapping[int, Level]) -> None:
    SchoolYear.objects.bulk_create(
        [
            SchoolYear(organization_id=after.organization_id, academic_year=academic_year, level=levels[after.level])
            for before, after in pairs
            if after.level is not None and before.level != after.level
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["organization", "academic_year"],
        update_fields=["level"],
    )


def _write_tickets(pairs: _Pairs, academic_year: int) -> None:
    OrganizationTrait.objects.bulk_create(
        [
            OrganizationTrait(
                organization_id=after.organization_id, academic_year=academic_year, trait=Trait.TICKET_TO_FUTURE
            )
            for before, after in pairs
            if after.ticket and not before.ticket
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    for ids in _chunks([after.pk for before, after in pairs if before.ticket and not after.ticket]):
        OrganizationTrait.objects.filter(
            organization__in=ids, academic_year=academic_year, trait=Trait.TICKET_TO_FUTURE
        ).delete()


def _chunks(ids: Sequence[int | None]) -> Iterable[Sequence[int | None]]:
    return (ids[start : start + _DELETED_AT_ONCE] for start in range(0, len(ids), _DELETED_AT_ONCE))
