"""Resolve the locks anew: ``make lock`` (add ``ARGS=--upgrade`` to take newer versions).

The locks hold versions and hashes and no address, so that any index or mirror may serve them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.environment import ROOT, VENV, SetupError, node_environment, run, say, uv_environment

PYTHON_LOCKS = ("bootstrap", "base", "dev")
# What npm keeps of every package only to print it.
PRINTED_ONLY = ("funding", "resolved", "homepage")


def without_addresses(lock: dict[str, Any]) -> dict[str, Any]:
    """Return package-lock.json's content without the entries that hold addresses."""
    packages = {
        name: {key: value for key, value in package.items() if key not in PRINTED_ONLY}
        for name, package in lock["packages"].items()
    }
    return {**lock, "packages": packages}


def lock_python(name: str, *, upgrade: bool) -> None:
    """Resolve ``requirements/<name>.in`` into the lock beside it, keeping pins that still fit."""
    source, target = (ROOT / "requirements" / f"{name}.{ending}" for ending in ("in", "txt"))
    options = ["--quiet", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11"]
    run(
        [VENV / "bin" / "uv", "pip", "compile", *options, *(["--upgrade"] if upgrade else []), source, "-o", target],
        env=uv_environment(),
    )


def lock_front_end(path: Path, *, upgrade: bool) -> None:
    """Resolve package.json into package-lock.json and take the addresses out of it."""
    if upgrade:
        path.unlink(missing_ok=True)
    run([VENV / "bin" / "npm", "install", "--package-lock-only", "--loglevel=error"], env=node_environment())
    lock = without_addresses(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Resolve the locks anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    options = parser.parse_args(arguments)
    try:
        for name in PYTHON_LOCKS:
            say(f"requirements/{name}.txt")
            lock_python(name, upgrade=options.upgrade)
        say("package-lock.json")
        lock_front_end(ROOT / "package-lock.json", upgrade=options.upgrade)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
