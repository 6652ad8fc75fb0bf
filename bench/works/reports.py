"""The regional report as Excel, from the figures to the bytes of the file. Nobody has set it a goal."""

from collections.abc import Iterator
from functools import partial

from accounts.models import Region, User
from bench import databases
from bench.figures import Figure
from bench.population import LARGE, NOW, SMALL, Host
from bench.rounds import in_turn
from exports import registry
from exports.writers.xlsx import write_xlsx
from roadmap.models import Roadmap

ROUNDS = 3


def measure() -> Iterator[Figure]:
    """Measure building the report of a region of 40,000 schools beside one of 500."""
    taken = in_turn(partial(_build, LARGE), partial(_build, SMALL), rounds=ROUNDS)
    yield Figure("regional report, xlsx", f"{LARGE.schools:,} / {SMALL.schools}", taken.ours, taken.limit)


def _build(host: Host) -> bytes:
    databases.use(host.database)
    document = registry.get("roadmap").build(
        user=User(email="bench", is_superuser=True),
        region=Region.objects.get(),
        parameters={"roadmap": Roadmap.objects.get().pk, "municipality": None},
        now=NOW,
        progress=lambda _percent, _stage: None,
    )
    return write_xlsx(document)
