"""Keeping the tallies: entries that add up to how many obligations lie in each drawer.

The database itself writes an entry whenever an obligation, or the place of its organization, changes: triggers
miss no writer, however it writes, and entries are only ever added, so that two people who move obligations
at once never wait for each other. Reading sums them up. See docs/adr for why it is done so.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import structlog
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count

from accounts.models import Organization, OrganizationKind, Region
from obligations.models import Obligation, TallyEntry
from obligations.states import State

log = structlog.get_logger(__name__)

KEY = ("requirement_id", "authority_id", "kind", "state", "due_on", "is_handed_in", "is_on_time")
_KEY = ", ".join(KEY)
# The drawer of the whole region: authority and kind left out.
_WHOLE = "requirement_id, CAST(NULL AS BIGINT) AS authority_id, '' AS kind, state, due_on, is_handed_in, is_on_time"
_WHOLE_KEY = "requirement_id, state, due_on, is_handed_in, is_on_time"

_OBLIGATION, _ORGANIZATION, _REGION, _ENTRY = (
    model._meta.db_table for model in (Obligation, Organization, Region, TallyEntry)
)
_TRIGGERS = {
    "tally_obligation_added": _OBLIGATION,
    "tally_obligation_changed": _OBLIGATION,
    "tally_obligation_gone": _OBLIGATION,
    "tally_organization_moved": _ORGANIZATION,
    "tally_region_moved": _REGION,
}


# --- what the statements are made of ----------------------------------------------------------
def _drawer(vendor: str, obligation: str, organization: str, region: str) -> str:
    """The columns that tell in which drawer an obligation lies; the arguments are names of rows.

    A municipality is its own authority, everything else has its parent, the ministry itself.
    """
    handed_in = f"{obligation}.first_submitted_at"
    if vendor == "postgresql":
        day = f"({handed_in} AT TIME ZONE {region}.time_zone)::date"
    else:
        # Moments are kept in UTC as text; Django lends every connection this function.
        day = f"django_datetime_cast_date({handed_in}, {region}.time_zone, 'UTC')"
    return (
        f"{obligation}.requirement_id AS requirement_id,"
        f" COALESCE(CASE WHEN {organization}.kind = '{OrganizationKind.MUNICIPALITY}' THEN {organization}.id"
        f" ELSE {organization}.parent_id END, {organization}.id) AS authority_id,"
        f" {organization}.kind AS kind, {obligation}.state AS state, {obligation}.due_on AS due_on,"
        f" {handed_in} IS NOT NULL AS is_handed_in,"
        f" CASE WHEN {handed_in} IS NULL THEN FALSE ELSE {day} <= {obligation}.due_on END AS is_on_time"
    )


def _lying(vendor: str, amount: int, *, obligation: str = "", organization: str = "", region: str = "") -> str:
    """Select the drawer of each obligation in force with ``amount``; the arguments stand in for the tables."""
    return (
        f"SELECT {_drawer(vendor, 'obligation', 'organization', 'region')}, {amount} AS amount"  # noqa: S608
        f" FROM {obligation or _OBLIGATION} obligation"
        f" JOIN {organization or _ORGANIZATION} organization ON organization.id = obligation.organization_id"
        f" JOIN {region or _REGION} region ON region.id = organization.region_id"
        f" WHERE obligation.state <> '{State.CANCELLED}'"
    )


def _both_grains(changes: str) -> str:
    """Add changes up by authority, and these by region; what cancels out is left out."""
    return (
        f"SELECT {_KEY}, SUM(amount) AS amount FROM ({changes}) part GROUP BY {_KEY} HAVING SUM(amount) <> 0"  # noqa: S608
        f" UNION ALL SELECT {_WHOLE}, SUM(amount) FROM ({changes}) part GROUP BY {_WHOLE_KEY} HAVING SUM(amount) <> 0"
    )


def _insert(changes: str) -> str:
    """Write the changes as entries."""
    return f"INSERT INTO {_ENTRY} ({_KEY}, amount) {_both_grains(changes)}"


# --- triggers ---------------------------------------------------------------------------------
def _postgresql_triggers() -> Iterator[str]:
    """Triggers that look once at all rows of a statement, so that a fan-out of a million rows stays one statement."""

    def function(name: str, changes: str, guard: str = "") -> str:
        body = f"INSERT INTO {_ENTRY} ({_KEY}, amount) WITH change AS ({changes}), part AS MATERIALIZED"
        body += f" (SELECT {_KEY}, SUM(amount) AS amount FROM change GROUP BY {_KEY} HAVING SUM(amount) <> 0)"  # noqa: S608
        body += f" SELECT {_KEY}, amount FROM part UNION ALL SELECT {_WHOLE}, SUM(amount) FROM part"  # noqa: S608
        body += f" GROUP BY {_WHOLE_KEY} HAVING SUM(amount) <> 0;"
        if guard:
            body = f"IF EXISTS ({guard}) THEN {body} END IF;"
        return (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN {body} RETURN NULL; END $$"
        )

    def trigger(name: str, event: str, tables: str) -> str:
        return (
            f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {_TRIGGERS[name]}"
            f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )

    old, new = "OLD TABLE AS went", "NEW TABLE AS came"
    vendor = "postgresql"
    plus, minus = _lying(vendor, 1, obligation="came"), _lying(vendor, -1, obligation="went")
    yield function("tally_obligation_added", plus)
    yield trigger("tally_obligation_added", "INSERT", new)
    yield function("tally_obligation_gone", minus)
    yield trigger("tally_obligation_gone", "DELETE", old)
    yield function("tally_obligation_changed", f"{plus} UNION ALL {minus}")
    yield trigger("tally_obligation_changed", "UPDATE", f"{old} {new}")
    for name, table, place in (
        ("tally_organization_moved", "organization", "(came.parent_id, came.kind, came.region_id)"),
        ("tally_region_moved", "region", "(came.time_zone)"),
    ):
        moved = (
            f"SELECT came.id FROM came JOIN went USING (id) WHERE {place}"  # noqa: S608
            f" IS DISTINCT FROM {place.replace('came', 'went')}"
        )
        changes = " UNION ALL ".join(
            f"{_lying(vendor, amount, **{table: rows})} AND {table}.id IN ({moved})"
            for rows, amount in (("came", 1), ("went", -1))
        )
        yield function(name, changes, guard=moved)
        yield trigger(name, "UPDATE", f"{old} {new}")


def _sqlite_triggers() -> Iterator[str]:
    """Triggers of a database that has them for rows only."""
    vendor = "sqlite"

    def entries(amount: int, rows: tuple[str, str, str], tables: str, where: str) -> str:
        changes = (
            f"SELECT {_drawer(vendor, *rows)}, {amount} AS amount FROM {tables}"  # noqa: S608
            f" WHERE {rows[0]}.state <> '{State.CANCELLED}' AND {where}"
        )
        return f"{_insert(changes)};"

    def of_obligation(row: str, amount: int) -> str:
        tables = f"{_ORGANIZATION} organization JOIN {_REGION} region ON region.id = organization.region_id"
        return entries(amount, (row, "organization", "region"), tables, f"organization.id = {row}.organization_id")

    def of_organization(row: str, amount: int) -> str:
        tables = f"{_OBLIGATION} obligation, {_REGION} region"
        where = f"obligation.organization_id = {row}.id AND region.id = {row}.region_id"
        return entries(amount, ("obligation", row, "region"), tables, where)

    def of_region(row: str, amount: int) -> str:
        tables = f"{_OBLIGATION} obligation JOIN {_ORGANIZATION} organization"
        tables += " ON organization.id = obligation.organization_id"
        return entries(amount, ("obligation", "organization", row), tables, f"organization.region_id = {row}.id")

    def trigger(name: str, event: str, body: str, *watched: str) -> str:
        when = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in watched)
        columns = f" OF {', '.join(watched)}" if watched else ""
        return (
            f"CREATE TRIGGER {name} AFTER {event}{columns} ON {_TRIGGERS[name]} FOR EACH ROW"
            f"{f' WHEN {when}' if when else ''} BEGIN {body} END"
        )

    yield trigger("tally_obligation_added", "INSERT", of_obligation("NEW", 1))
    yield trigger("tally_obligation_gone", "DELETE", of_obligation("OLD", -1))
    watched = ("requirement_id", "organization_id", "state", "due_on", "first_submitted_at")
    both = of_obligation("OLD", -1) + " " + of_obligation("NEW", 1)
    yield trigger("tally_obligation_changed", "UPDATE", both, *watched)
    both = of_organization("OLD", -1) + " " + of_organization("NEW", 1)
    yield trigger("tally_organization_moved", "UPDATE", both, "parent_id", "kind", "region_id")
    both = of_region("OLD", -1) + " " + of_region("NEW", 1)
    yield trigger("tally_region_moved", "UPDATE", both, "time_zone")


def install(using: str) -> None:
    """Put the triggers in place and make good what was changed while they were away. Safe to repeat."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not tables >= {_ENTRY, *_TRIGGERS.values()}:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        remove(using)
        for statement in _postgresql_triggers() if connection.vendor == "postgresql" else _sqlite_triggers():
            cursor.execute(statement)
    if drift(using=using):
        rebuild(using=using)


def remove(using: str) -> None:
    """Take the triggers away before tables are altered: SQLite alters by making a table anew, and stumbles on them."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in _TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


# --- proof, repair, housekeeping --------------------------------------------------------------
def drift(using: str = "default") -> int:
    """Count the drawers whose entries do not add up to the obligations in them: none, unless a trigger was lost."""
    connection = connections[using]
    entries = f"SELECT {_KEY}, amount FROM {_ENTRY}"  # noqa: S608
    facts = _both_grains(_lying(connection.vendor, -1))
    sums = f"SELECT 1 FROM ({entries} UNION ALL {facts}) entry GROUP BY {_KEY} HAVING SUM(amount) <> 0"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sums}) wrong")  # noqa: S608
        return int(cursor.fetchone()[0])


def rebuild(using: str = "default") -> None:
    """Count all obligations anew and put the result in place of the entries; writers wait meanwhile."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _hold(connection, cursor)
        cursor.execute(f"DELETE FROM {_ENTRY}")  # noqa: S608
        cursor.execute(_insert(_lying(connection.vendor, 1)))
    log.warning("tallies rebuilt", database=using)


def _hold(connection: BaseDatabaseWrapper, cursor: Any) -> None:
    """Keep writers out until the transaction ends; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        cursor.execute(f"LOCK TABLE {_OBLIGATION}, {_ORGANIZATION}, {_REGION} IN SHARE ROW EXCLUSIVE MODE")


def fold() -> int:
    """Put one entry in place of many in the same drawer; return how many entries went.

    What is taken out is added up and put back within one transaction. An entry that others have not committed
    yet is neither seen nor taken, and of two runs at once each takes what the other has left.
    """
    gone = 0
    full = TallyEntry.objects.order_by().values(*KEY).annotate(entries=Count("pk")).filter(entries__gt=1)
    names = f"{_KEY}, amount"
    take = f"DELETE FROM {_ENTRY} WHERE requirement_id = %s RETURNING {names}"  # noqa: S608
    put = f"INSERT INTO {_ENTRY} ({names}) VALUES ({', '.join(['%s'] * (len(KEY) + 1))})"  # noqa: S608
    for requirement_id in sorted(set(full.values_list("requirement_id", flat=True))):
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(take, [requirement_id])
            taken = cursor.fetchall()
            sums: Counter[tuple[Any, ...]] = Counter()
            for *key, amount in taken:
                sums[tuple(key)] += amount
            kept = [(*key, amount) for key, amount in sums.items() if amount]
            cursor.executemany(put, kept)
            gone += len(taken) - len(kept)
    return gone
