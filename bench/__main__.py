"""``python -m bench [WORK …] [--json FILE]``: measure and print the table. ``make bench`` gives it its PostgreSQL."""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

from django.db import connection

from bench.figures import Figure, table
from bench.population import FEDERAL, LARGE, NOW, SMALL, Host, populate
from bench.works import chasing, fan_out, pages, reports, school_lists

Measure = Callable[[], Iterator[Figure]]

WORKS: Mapping[str, Measure] = {
    "fan-out": fan_out.measure,
    "chase": chasing.measure,
    "pages": pages.measure,
    "reports": reports.measure,
    "lists": school_lists.measure,
    "federal": pages.measure_federal,
}
# Making 89 regions takes its time: measured when asked for.
ON_DEMAND = {"federal"}
# Works that look at a year well under way; the others make what they need.
HOSTS: Mapping[Host, set[str]] = {
    SMALL: {"chase", "pages", "reports", "federal"},
    LARGE: {"chase", "pages", "reports"},
    FEDERAL: {"federal"},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; a figure over its goal is no failure, a work that breaks is."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure the portal beside its limits on PostgreSQL.")
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"{', '.join(WORKS)}; without any: all but federal")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every round there as well")
    options = parser.parse_args(arguments)
    if unknown := set(options.works) - set(WORKS):
        parser.error(f"no such work: {', '.join(sorted(unknown))}; there are {', '.join(WORKS)}")
    if connection.vendor != "postgresql":
        parser.error("only PostgreSQL is measured: run «make bench»")
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
    # It is the same day in every run; the pages read the clock.
    with mock.patch("django.utils.timezone.now", return_value=NOW):
        figures = list(_measure(options.works or [work for work in WORKS if work not in ON_DEMAND]))
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {server}"
    print(f"\n{table(figures)}\n\n{machine}; {time.monotonic() - begun:.0f} s")
    if options.json:
        written = {"machine": machine, "figures": [figure.as_json() for figure in figures]}
        options.json.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _measure(works: Sequence[str]) -> Iterator[Figure]:
    """Run the works one after the other, telling on the way how far it is."""
    for host, on_it in HOSTS.items():
        if on_it & set(works):
            _tell(f"a year of {host.label}")
            populate(host)
    for work in WORKS:
        if work in works:
            _tell(work)
            for figure in WORKS[work]():
                _tell(f"  {' '.join(cell for cell in figure.cells() if cell)}")
                yield figure


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
