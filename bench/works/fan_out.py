"""Fan-out: the order's 44 items are approved and become obligations of all who owe them.

The limit writes the very same rows, worked out beforehand, into a table with the same columns, indexes, checks and
foreign keys by one plain ``INSERT … SELECT``. Both are measured to the end of the commit, where PostgreSQL checks the
foreign keys. The tallies that the portal's triggers keep beside its obligations are our expense alone.
"""

from collections.abc import Callable, Iterator
from functools import partial

from django.db.models import ForeignKey, Model

from accounts.models import Region
from bench import databases
from bench.figures import Figure
from bench.inserting import columns, table
from bench.population import LARGE, SIGNED_AT, SMALL, Host, draft, found
from bench.rounds import seconds
from obligations.models import Obligation, Requirement
from roadmap.actions import approve
from roadmap.models import Roadmap

GOAL = 2.0
ROUNDS = {SMALL: 7, LARGE: 2}
TWIN, ROWS = "bench_obligation", "bench_rows"


def measure() -> Iterator[Figure]:
    """Measure approving the edition over 500 and over 40,000 schools."""
    for host, rounds in ROUNDS.items():
        yield _measure(host, rounds)


def _measure(host: Host, rounds: int) -> Figure:
    database = f"{host.database}_fan_out"
    databases.create(database)
    found(host)
    region = Region.objects.get()
    _make_twin()
    approving: list[float] = []
    writing: list[float] = []
    for _ in range(rounds):
        approving.append(_timed(partial(approve, roadmap=draft(region), by=None, now=SIGNED_AT)))
        created = _keep_rows()
        _truncate(Obligation)
        writing.append(_timed(partial(_write_twin, created)))
        # What the twin's rows refer to goes, and its rows with them.
        _truncate(Roadmap, Requirement)
    databases.drop(database)
    return Figure("fan-out of 44 items", host.label, approving, writing, GOAL, note=f"{created:,} obligations")


def _timed(work: Callable[[], object]) -> float:
    databases.execute("CHECKPOINT")
    return seconds(work)


def _make_twin() -> None:
    """Make an empty table that costs as much to write to as the obligations' own."""
    databases.execute(f"CREATE TABLE {TWIN} (LIKE {table(Obligation)} INCLUDING ALL)")
    for field in Obligation._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            databases.execute(
                f"ALTER TABLE {TWIN} ADD FOREIGN KEY ({field.column})"
                f" REFERENCES {table(field.related_model)} DEFERRABLE INITIALLY DEFERRED"
            )


def _keep_rows() -> int:
    """Put aside what was created, without its ids; return how many rows that is."""
    databases.execute(f"DROP TABLE IF EXISTS {ROWS}")
    named = ", ".join(columns(Obligation))
    return databases.execute(f"CREATE TABLE {ROWS} AS SELECT {named} FROM {table(Obligation)} ORDER BY id")  # noqa: S608


def _write_twin(expected: int) -> None:
    """Write the rows that were put aside, by one plain statement."""
    named = ", ".join(columns(Obligation))
    written = databases.execute(f"INSERT INTO {TWIN} ({named}) SELECT {named} FROM {ROWS}")  # noqa: S608
    if written != expected:
        raise AssertionError(f"{written} rows written, {expected} expected")


def _truncate(*models: type[Model]) -> None:
    databases.execute(f"TRUNCATE {', '.join(table(model) for model in models)} CASCADE")
