"""Step five: the findings are written in bulk; the number of queries follows the number of batches, not of schools."""

from collections.abc import Iterable, Mapping, Sequence

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, OrganizationTrait, Region, Trait
from schools.imports.engine import Findings
from schools.imports.records import CONTACT, NOTHING, SchoolRecord, organization_part, profile_part
from schools.imports.writing import write_rows
from schools.models import Level, SchoolProfile, SchoolYear
from schools.querysets import phone_digits, searchable

_DELETED_AT_ONCE = 500
# Id, what was known, what the school becomes.
_Written = Sequence[tuple[int, SchoolRecord, SchoolRecord]]


def write_schools(findings: Findings, *, region: Region, academic_year: int, levels: Mapping[int, Level]) -> None:
    """Write new and changed schools with profile, level and trait; runs inside the import's transaction."""
    _write_organizations(findings, region)
    # What is new cannot collide, and a plain insert is cheaper than one that looks for collisions first.
    for schools, known in ((_new(findings, region), False), (_known(findings), True)):
        _write_profiles(schools, academic_year, known=known)
        _write_levels(schools, academic_year, levels, known=known)
        _write_tickets(schools, academic_year, known=known)


def _write_organizations(findings: Findings, region: Region) -> None:
    """Insert new organizations and upsert changed ones by id: the unique INN is partial and no target for an upsert."""
    names = ("inn", "parent", "name", "short_name", "site", "is_active", "ogrn")
    same = {"region": region.pk, "kind": OrganizationKind.SCHOOL.value}
    new = [organization_part(after) for _, after in findings.created]
    write_rows(Organization, names, new, same=same)
    changed = [
        (after.pk, *organization_part(after))
        for _, before, after in findings.changed
        if organization_part(before) != organization_part(after)
    ]
    write_rows(Organization, ("id", *names), changed, same=same, unique=["id"], update=names[1:])


def _new(findings: Findings, region: Region) -> _Written:
    """The schools that have just been inserted, with the ids they got."""
    if not findings.created:
        return []
    ids = dict(Organization.objects.filter(region=region).exclude(inn="").values_list("inn", "pk"))
    return [(ids[after.inn], NOTHING, after) for _, after in findings.created]


def _known(findings: Findings) -> _Written:
    """The known schools of which something may have to be written beside the organization."""
    changed = [(after.pk, before, after) for _, before, after in findings.changed if after.pk is not None]
    lacking = [(after.pk, after, after) for _, after in findings.unchanged if after.pk and not after.has_profile]
    return changed + lacking


def _write_profiles(schools: _Written, academic_year: int, *, known: bool) -> None:
    """Upsert contacts and what schools are searched by; a school that has no profile yet gets one.

    A new school is there from the beginning of the year whose list names it first.
    """
    profiles = [
        (
            pk,
            after.contact_name,
            after.contact_post,
            after.contact_email,
            after.contact_phone,
            searchable(
                after.name,
                after.short_name,
                after.inn,
                after.contact_name,
                after.contact_email,
                phone_digits(after.contact_phone),
            ),
        )
        for pk, before, after in schools
        if not after.has_profile or profile_part(before) != profile_part(after)
    ]
    names = (*CONTACT, "search_text")
    unique = ["organization"] if known else []
    same = {} if known else {"since": AcademicYear(academic_year).start.isoformat()}
    write_rows(SchoolProfile, ("organization", *names), profiles, same=same, unique=unique, update=names)


def _write_levels(schools: _Written, academic_year: int, levels: Mapping[int, Level], *, known: bool) -> None:
    ids = {hours: level.pk for hours, level in levels.items()}
    write_rows(
        SchoolYear,
        ("organization", "level"),
        [
            (pk, ids[after.level])
            for pk, before, after in schools
            if after.level is not None and before.level != after.level
        ],
        same={"academic_year": academic_year},
        unique=["organization", "academic_year"] if known else [],
        # The order that fixed the former level says nothing of the new one.
        update=["level", "order_number", "order_date"],
    )


def _write_tickets(schools: _Written, academic_year: int, *, known: bool) -> None:
    same = {"academic_year": academic_year, "trait": Trait.TICKET_TO_FUTURE.value}
    write_rows(
        OrganizationTrait,
        ("organization",),
        [(pk,) for pk, before, after in schools if after.ticket and not before.ticket],
        same=same,
        unique=["organization", "academic_year", "trait"] if known else [],
    )
    for ids in _chunks([pk for pk, before, after in schools if before.ticket and not after.ticket]):
        OrganizationTrait.objects.filter(organization__in=ids, **same).delete()


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _DELETED_AT_ONCE] for start in range(0, len(ids), _DELETED_AT_ONCE))
