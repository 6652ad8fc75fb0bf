"""Fills a database with a believable country, by set-based SQL and without chance: the same rows every time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import (
    BodyAlias,
    Membership,
    Organization,
    OrganizationKind,
    OrganizationTrait,
    Region,
    Trait,
    User,
)
from accounts.reference import load_region
from accounts.roles import Role
from bench import databases
from bench.inserting import insert, table
from obligations import tallies
from obligations.models import Evidence, Obligation, ReviewStep
from roadmap.actions import approve, create_draft
from roadmap.imports.reader import read_roadmap
from roadmap.models import Roadmap
from schools.models import Level, SchoolProfile, SchoolYear

ACADEMIC_YEAR = 2023
SIGNED_AT = datetime(2023, 8, 25, 7, 0, tzinfo=UTC)
# A Thursday in the thick of the year: much is behind, some is due within three days, the rest lies ahead.
NOW = datetime(2024, 3, 28, 5, 0, tzinfo=UTC)
TODAY = date(2024, 3, 28)
# One school in so many answers to the region itself.
ON_REGIONAL_BUDGET = 33

_SCHOOLS = "{organization} school WHERE school.kind = 'school'"
# 0 … 999 for each obligation: which way it went. The multipliers are primes without a meaning.
_DICE = "((obligation.organization_id * 7919 + obligation.requirement_id * 104729) % 1000)::int"


@dataclass(frozen=True)
class Host:
    """An installation of the bench: so many schools over so many regions."""

    database: str
    label: str
    schools: int
    regions: int = 1


SMALL = Host("bench_small", "500 schools", 500)
LARGE = Host("bench_large", "40,000 schools", 40_000)
FEDERAL = Host("bench_federal", "40,000 in 89 regions", 40_000, 89)


def populate(host: Host) -> None:
    """Make the host's database: registry, people, the order approved in every region, a state of work."""
    databases.create(host.database)
    found(host)
    # Foreign keys are right by construction here, and the tallies are counted once at the end: without triggers
    # it takes a third of the time.
    databases.execute("SET session_replication_role = replica")
    for region in Region.objects.order_by("pk"):
        approve(roadmap=draft(region), by=None, now=SIGNED_AT)
    _play()
    databases.execute("SET session_replication_role = DEFAULT")
    tallies.rebuild()
    databases.settle()


def found(host: Host) -> None:
    """Write regions, organizations and the people who answer for them."""
    load_region()
    if host.regions > 1:
        _repeat_region(host.regions)
    _open_schools(host)
    _employ()
    databases.execute("ANALYZE")


def draft(region: Region) -> Roadmap:
    """Save the roadmap of the real order, read by the portal's own reader, as a draft of the region."""
    text = (Path(settings.BASE_DIR) / "fixtures" / "roadmap_2381.txt").read_text(encoding="utf-8")
    return create_draft(
        region=region,
        draft=read_roadmap(text),
        academic_year=ACADEMIC_YEAR,
        order_number="2381",
        order_date=date(ACADEMIC_YEAR, 8, 25),
        source_text=text,
        by=None,
        now=SIGNED_AT,
    )


def _repeat_region(regions: int) -> None:
    """Found further regions in the image of the first, with all its bodies and their names."""
    first = Region.objects.get()
    copies = [
        Region(code=str(100 + number), name=f"Область {number}", name_genitive=f"Области {number}")
        for number in range(2, regions + 1)
    ]
    Region.objects.bulk_create(copies)
    model = list(Organization.objects.filter(region=first).order_by("pk"))
    aliases = list(first.body_aliases.select_related("organization").order_by("pk"))
    for region in copies:
        by_code: dict[str, Organization] = {}
        for parented in (False, True):
            level = [
                Organization(
                    region=region,
                    parent=next(iter(by_code.values())) if parented else None,
                    kind=one.kind,
                    code=one.code,
                    name=one.name,
                    short_name=one.short_name,
                )
                for one in model
                if (one.parent_id is not None) is parented
            ]
            Organization.objects.bulk_create(level)
            by_code |= {one.code: one for one in level}
        BodyAlias.objects.bulk_create(
            BodyAlias(
                region=region,
                text=alias.text,
                group=alias.group,
                organization=by_code[alias.organization.code] if alias.organization else None,
            )
            for alias in aliases
        )


def _open_schools(host: Host) -> None:
    """Spread the schools over the municipalities; some answer to the region. Levels, contacts, traits with them."""
    organization = table(Organization)
    in_region = [
        host.schools // host.regions + (number < host.schools % host.regions) for number in range(host.regions)
    ]
    regions = list(Region.objects.order_by("pk").values_list("pk", flat=True))
    for region, schools in zip(regions, in_region, strict=True):
        insert(
            Organization,
            {
                "region": "%(region)s",
                "parent": f"CASE WHEN n %% {ON_REGIONAL_BUDGET} = 0 THEN ministry.id"
                " ELSE municipalities.ids[1 + n %% cardinality(municipalities.ids)] END",
                "kind": "'school'",
                "name": "'Муниципальное бюджетное общеобразовательное учреждение «Школа № ' || n || '»'",
                "short_name": "'МБОУ «Школа № ' || n || '»'",
                "inn": "'99' || lpad(n::text, 8, '0')",
                "email": "'school' || n || '@bench.example'",
                "phone": "'+7 (475) 000-' || lpad((n %% 10000)::text, 4, '0')",
            },
            "generate_series(1, %(schools)s) n,"  # noqa: S608
            f" (SELECT id FROM {organization} WHERE region_id = %(region)s AND kind = 'ministry') ministry,"
            f" (SELECT array_agg(id ORDER BY id) AS ids FROM {organization}"
            " WHERE region_id = %(region)s AND kind = 'municipality') municipalities",
            {"region": region, "schools": schools},
        )
    schools_of_all = _SCHOOLS.format(organization=organization)
    insert(
        SchoolProfile,
        {
            "organization": "school.id",
            "contact_name": "'Иванова Анна ' || school.id",
            "contact_email": "school.email",
            "contact_phone": "school.phone",
            "search_text": "lower(school.name || ' ' || school.short_name || ' ' || school.inn)",
        },
        schools_of_all,
    )
    levels = list(Level.objects.order_by("hours").values_list("pk", flat=True))
    insert(
        SchoolYear,
        {
            "organization": "school.id",
            "academic_year": str(ACADEMIC_YEAR),
            "level": f"(ARRAY{levels})[1 + school.id % {len(levels)}]",
        },
        schools_of_all,
    )
    insert(
        OrganizationTrait,
        {
            "organization": "school.id",
            "academic_year": str(ACADEMIC_YEAR),
            "trait": f"'{Trait.TICKET_TO_FUTURE}'",
        },
        f"{schools_of_all} AND school.id % 4 <> 0",
    )


def _employ() -> None:
    """Give each organization a person who answers for it."""
    role = (
        f"CASE organization.kind WHEN '{OrganizationKind.MINISTRY}' THEN '{Role.MINISTRY}'"
        f" WHEN '{OrganizationKind.OPERATOR}' THEN '{Role.OPERATOR}'"
        f" WHEN '{OrganizationKind.MUNICIPALITY}' THEN '{Role.COORDINATOR}' ELSE '{Role.DEPUTY}' END"
    )
    insert(
        User,
        {
            "email": "'person' || organization.id || '@bench.example'",
            "first_name": "'Анна'",
            "patronymic": "'Петровна'",
            "last_name": "'Иванова ' || organization.id",
            "password": f"'{make_password(None)}'",
            "date_joined": f"'{SIGNED_AT.isoformat()}'",
        },
        f"{table(Organization)} organization ORDER BY organization.id",
    )
    insert(
        Membership,
        {"user": "person.id", "organization": "organization.id", "role": role},
        f"{table(Organization)} organization"
        f" JOIN {table(User)} person ON person.email = 'person' || organization.id || '@bench.example'",
    )


def _play() -> None:
    """Let a believable year pass until TODAY: nearly all that is due was handed in, nearly all of that decided."""
    obligation = table(Obligation)
    # Municipalities differ: some districts lag, as they do.
    open_below = "(20 + coalesce(organization.parent_id, 0) * 37 %% 60)"
    dice = _DICE.replace("%", "%%")
    databases.execute(
        f"UPDATE {obligation} obligation SET state = played.state,"  # noqa: S608
        " first_submitted_at = played.at, submitted_at = played.at,"
        " decided_at = CASE WHEN played.state IN ('accepted', 'returned')"
        " THEN least(played.at + interval '4 days', %(now)s::timestamptz) END"
        " FROM (SELECT obligation.id,"
        "  CASE WHEN dice < open_below THEN 'open' WHEN dice < open_below + 8 THEN 'returned'"
        "   WHEN dice < open_below + 20 THEN 'submitted' WHEN dice < open_below + 24 THEN 'declared_nil'"
        "   ELSE 'accepted' END AS state,"
        "  least(obligation.due_on - 12 + dice %% 15, %(today)s::date - 1)"
        "   + time '10:00' + make_interval(mins => dice) AS at"
        f"  FROM {obligation} obligation"
        f"  JOIN {table(Organization)} organization ON organization.id = obligation.organization_id,"
        f"  LATERAL (SELECT {dice} AS dice, {open_below} AS open_below) thrown"
        "  WHERE obligation.due_on < %(today)s::date + dice %% 12) played"
        " WHERE played.id = obligation.id AND played.state <> 'open'",
        {"today": TODAY, "now": NOW},
    )
    _write_history()
    databases.execute(f"VACUUM (FULL) {obligation}")


def _write_history() -> None:
    """Write the steps that led to the states, and a link to a school's page for most that was handed in."""
    source = (
        f"{table(Obligation)} obligation"
        f" JOIN {table(User)} owner ON owner.email = 'person' || obligation.organization_id || '@bench.example'"
        " WHERE obligation.submitted_at IS NOT NULL"
    )
    insert(
        ReviewStep,
        {
            "obligation": "obligation.id",
            "act": "CASE obligation.state WHEN 'declared_nil' THEN 'declare_nil' ELSE 'submit' END",
            "from_state": "'open'",
            "to_state": "CASE obligation.state WHEN 'declared_nil' THEN 'declared_nil' ELSE 'submitted' END",
            "by": "owner.id",
            "at": "obligation.submitted_at",
            "note": "'Исполнено.'",
        },
        source,
    )
    insert(
        ReviewStep,
        {
            "obligation": "obligation.id",
            "act": "CASE obligation.state WHEN 'returned' THEN 'return' ELSE 'accept' END",
            "from_state": "'submitted'",
            "to_state": "obligation.state",
            "by": "NULL",
            "at": "obligation.decided_at",
            "reason": "CASE obligation.state WHEN 'returned' THEN 'incomplete' ELSE '' END",
            "comment": "CASE obligation.state WHEN 'returned' THEN 'Дополните.' ELSE '' END",
            "note": "'Исполнено.'",
        },
        f"{source} AND obligation.decided_at IS NOT NULL",
    )
    insert(
        Evidence,
        {
            "obligation": "obligation.id",
            "kind": "'link'",
            "title": "'Страница сайта'",
            "url": "'https://school' || obligation.organization_id || '.example/' || obligation.requirement_id",
            "added_by": "owner.id",
            "added_at": "obligation.submitted_at",
        },
        f"{source} AND obligation.state <> 'declared_nil' AND {_DICE} % 5 <> 0",
    )
