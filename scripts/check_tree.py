"""Checks of the tree as a whole that no other tool makes: ``python -m scripts.check_tree``.

- no Python file longer than LONGEST lines outside tests and migrations: such a file becomes a package;
- locks hold no address, so that any mirror serves them; every Python pin has a hash;
- shell scripts parse.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.environment import ROOT

LONGEST = 450
SKIPPED = {".git", ".venv", "node_modules", "var", "static"}
LONG_ALLOWED = {"tests", "migrations"}
LOCKS = ("requirements/base.txt", "requirements/bootstrap.txt", "requirements/dev.txt", "package-lock.json")
ADDRESS = re.compile(r"\bhttps?\b|\bfile:|--(?:extra-)?index-url|--find-links", re.IGNORECASE)
PIN = re.compile(r"^(?P<name>[\w.\[\]-]+)==\S+(?P<rest>.*)$")


def files(root: Path, suffix: str) -> Iterator[Path]:
    """Yield our own files of a kind, by path from the root."""
    for path in sorted(root.rglob(f"*{suffix}")):
        inner = path.relative_to(root)
        if path.is_file() and not SKIPPED & set(inner.parts):
            yield inner


def long_files(root: Path) -> Iterator[str]:
    """Yield a complaint for each Python file that has outgrown its room."""
    for path in files(root, ".py"):
        lines = (root / path).read_bytes().count(b"\n")
        if lines > LONGEST and not LONG_ALLOWED & set(path.parts):
            yield f"{path}: {lines} lines, more than {LONGEST}: make it a package"


def loose_locks(root: Path) -> Iterator[str]:
    """Yield a complaint for each line of a lock that holds an address or a pin without a hash."""
    for name in LOCKS:
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if ADDRESS.search(line):
                yield f"{name}:{number}: an address in a lock: run «make lock»"
            pin = PIN.match(line)
            if pin and not ("--hash" in pin["rest"] or (number < len(lines) and "--hash" in lines[number])):
                yield f"{name}:{number}: {pin['name']} is pinned without a hash: run «make lock»"


def broken_shell(root: Path) -> Iterator[str]:
    """Yield a complaint for each shell script bash cannot read."""
    scripts = [*files(root, ".sh"), *(path.relative_to(root) for path in sorted((root / ".ci").glob("*")))]
    for path in scripts:
        result = subprocess.run(["bash", "-n", root / path], check=False, capture_output=True, text=True)
        if result.returncode:
            yield f"{path}: {result.stderr.strip()}"


def main() -> int:
    """Print every complaint; return 1 when there is one."""
    complaints = [*long_files(ROOT), *loose_locks(ROOT), *broken_shell(ROOT)]
    for complaint in complaints:
        print(complaint)
    print(f"tree: {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
