"""The chase: who is told what today, of all persons and all obligations of a region.

The limit is one plain SQL statement that returns the same rows: each obligation that a person is told of, and each
organization below them that is behind. Both are read to the last row.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import Membership, Organization, Region, User
from bench import databases
from bench.figures import Figure
from bench.inserting import table
from bench.population import ACADEMIC_YEAR, LARGE, NOW, SMALL, TODAY, Host
from bench.rounds import in_turn, seconds
from obligations.chasing.composing import compose_digests, who_is_told_what
from obligations.models import Digest, Obligation, Requirement

# Set for 1.3 million obligations; over 500 schools a dozen milliseconds of asking outweigh all that is asked for.
GOALS = {LARGE: 2.0}
ROUNDS = {SMALL: 9, LARGE: 3}

# Who is told of which obligation, then who of which debtor: (person, obligation or none, debtor or none, …).
LIMIT = f"""
WITH seat AS (
  SELECT DISTINCT person.id AS person_id, person.first_name, person.patronymic,
    membership.organization_id, membership.role
  FROM {table(Membership)} membership
  JOIN {table(User)} person ON person.id = membership.user_id AND person.is_active
  JOIN {table(Organization)} served ON served.id = membership.organization_id
    AND served.region_id = %(region)s AND served.is_active
  WHERE membership.ended_on IS NULL AND membership.role IN ('ministry', 'operator', 'coordinator', 'deputy')
    AND NOT EXISTS (SELECT 1 FROM {table(Digest)} digest
      WHERE digest.user_id = person.id AND digest.region_id = %(region)s AND digest.day = %(today)s)
), debtor AS (
  SELECT organization.id, organization.short_name, organization.kind, organization.phone, organization.email,
    organization.parent_id, parent.short_name AS parent_name, parent.parent_id AS grandparent_id,
    count(*) AS over_reviewer, count(*) FILTER (WHERE obligation.due_on < %(for_ministry)s) AS over_ministry,
    min(obligation.due_on) AS oldest
  FROM {table(Obligation)} obligation
  JOIN {table(Requirement)} requirement ON requirement.id = obligation.requirement_id
    AND requirement.academic_year >= %(year)s - 1
  JOIN {table(Organization)} organization ON organization.id = obligation.organization_id
    AND organization.region_id = %(region)s AND organization.is_active
  JOIN {table(Organization)} parent ON parent.id = organization.parent_id
  WHERE obligation.state IN ('open', 'returned', 'reopened') AND obligation.due_on < %(for_reviewer)s
  GROUP BY organization.id, parent.id
), heard AS (
  SELECT seat.person_id, debtor.* FROM debtor JOIN seat ON seat.organization_id = debtor.parent_id
    AND seat.role IN ('coordinator', 'ministry')
  UNION ALL
  SELECT seat.person_id, debtor.* FROM debtor JOIN seat ON seat.organization_id = debtor.grandparent_id
    AND seat.role = 'ministry' AND debtor.over_ministry > 0
)
SELECT seat.person_id, seat.first_name, seat.patronymic, obligation.id, obligation.organization_id,
  organization.short_name, requirement.number, requirement.title, obligation.due_on, obligation.state,
  NULL AS phone, NULL AS email, NULL AS parent_id, NULL AS parent_name, NULL AS grandparent_id,
  NULL AS over_reviewer, NULL AS over_ministry
FROM {table(Obligation)} obligation
JOIN {table(Requirement)} requirement ON requirement.id = obligation.requirement_id
  AND requirement.academic_year >= %(year)s - 1
JOIN {table(Organization)} organization ON organization.id = obligation.organization_id
JOIN seat ON seat.organization_id = obligation.organization_id
WHERE obligation.state IN ('open', 'returned', 'reopened')
  AND (obligation.due_on < %(today)s OR obligation.due_on IN %(reminded)s
    OR obligation.state IN ('returned', 'reopened'))
UNION ALL
SELECT person_id, NULL, NULL, NULL, id, short_name, kind, NULL, oldest, NULL, phone, email, parent_id, parent_name,
  grandparent_id, over_reviewer, over_ministry
FROM heard
ORDER BY 1, 9
"""  # noqa: S608


def measure() -> Iterator[Figure]:
    """Measure the selection, and by itself the writing of the letters, over 500 and over 40,000 schools."""
    for host, rounds in ROUNDS.items():
        databases.use(host.database)
        region = Region.objects.get()
        note = _compare(region)
        taken = in_turn(partial(_select, region), partial(_limit, region), rounds=rounds)
        yield Figure("chase: selection", host.label, taken.ours, taken.limit, GOALS.get(host), note=note)
        yield _composing(region, host)


def _select(region: Region) -> int:
    """Ours: everybody's content, chunk by chunk."""
    return sum(len(told) for told in who_is_told_what(region=region, today=TODAY))


def _limit(region: Region) -> list[tuple[Any, ...]]:
    parameters = {
        "region": region.pk,
        "today": TODAY,
        "year": ACADEMIC_YEAR,
        "for_reviewer": TODAY - timedelta(days=3),
        "for_ministry": TODAY - timedelta(days=7),
        "reminded": tuple(TODAY + timedelta(days=days) for days in (0, 1, 3, 7)),
    }
    return databases.fetch(LIMIT, parameters)


def _compare(region: Region) -> str:
    """Hold the rows of both against each other: a measurement of different things would be none."""
    ours: set[tuple[int, int | None, int]] = set()
    for chunk in who_is_told_what(region=region, today=TODAY):
        for told in chunk:
            person, content = told.person, told.content
            own = (*content.overdue, *content.sent_back, *(one for group in content.due for one in group.owed))
            ours |= {(person.pk, one.pk, one.organization_id) for one in own}
            below = (
                *content.debtors,
                *content.regional_schools,
                *content.municipal_authorities,
                *content.institutions,
                *(one for group in content.municipalities for one in group.debtors),
            )
            ours |= {(person.pk, None, one.organization_id) for one in below}
    limit = {(row[0], row[3], row[4]) for row in _limit(region)}
    if ours != limit:
        raise AssertionError(f"Only ours: {len(ours - limit)}, only the limit's: {len(limit - ours)} rows.")
    return f"{len({person for person, _, _ in ours}):,} persons, {len(ours):,} rows of {Obligation.objects.count():,}"


def _composing(region: Region, host: Host) -> Figure:
    """Take the time of the whole morning up to the sending; what it writes is rolled back."""
    took = []
    for _ in range(1 if host is LARGE else 3):
        with transaction.atomic():
            took.append(seconds(lambda: compose_digests(region=region, today=TODAY, at=NOW)))
            letters = Digest.objects.count()
            transaction.set_rollback(True)
    return Figure("chase: letters written", host.label, took, note=f"{letters:,} letters")
