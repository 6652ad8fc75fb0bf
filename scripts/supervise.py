"""Run several long-lived processes as one: together up, together down, nothing left behind.

``python -m scripts.supervise --ready-url URL web='gunicorn …' worker='celery …'`` starts each one
in a session of its own. When one ends, or SIGINT, SIGTERM or SIGHUP comes, all are stopped. With
``--log-dir`` each writes to its own file and the tail of the one that failed is shown; without it
every line goes to standard output behind the name of its process.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from scripts.children import bound_to_parent, stop

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TAIL_LINES = 40


@dataclass
class Supervisor:
    """The processes that run together, by name, and how they are watched.

    ``ready_url`` is asked until it answers 200, then ``banner`` is printed; ``start_seconds`` is
    the patience for that, ``grace_seconds`` the time a process gets to finish what it is doing.
    """

    commands: Mapping[str, Sequence[str]]
    log_dir: Path | None = None
    ready_url: str = ""
    banner: str = ""
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    start_seconds: float = 90
    grace_seconds: float = 15
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    # No Event: one signal may come while the handler of another holds its lock, and wait for itself for ever.
    _stopping: bool = False
    _printing: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> int:
        """Start all, watch them until the end; return 0 when asked to stop, 1 when one failed."""
        before = {number: signal.signal(number, self._asked_to_stop) for number in STOP_SIGNALS}
        try:
            for name, command in self.commands.items():
                if self._stopping:
                    break
                self.processes[name] = self._start(name, command)
            return self._watch()
        finally:
            self._say("stopping; the worker may finish what it is doing…")
            stop(list(self.processes.values()), grace=self.grace_seconds)
            self._say("stopped")
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked_to_stop(self, _signal_number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        output: IO[bytes] | int = subprocess.PIPE
        if self.log_dir is not None:
            self.log_dir.mkdir(parents=True, exist_ok=True)
            output = (self.log_dir / f"{name}.log").open("wb")
        process = subprocess.Popen(
            bound_to_parent(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=self.env,
            cwd=self.cwd,
            start_new_session=True,
        )
        if process.stdout is not None:
            threading.Thread(target=self._relay, args=(name, process.stdout), daemon=True).start()
        elif not isinstance(output, int):
            output.close()
        return process

    def _watch(self) -> int:
        ready = not self.ready_url
        deadline = time.monotonic() + self.start_seconds
        while not self._stopping:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    return self._ended(name, process.returncode)
            if not ready and is_ready(self.ready_url):
                ready = True
                if self.banner:
                    self._print(self.banner)
            if not ready and time.monotonic() > deadline:
                self._say(f"{self.ready_url} does not answer after {self.start_seconds:.0f} s")
                self._show_tail(next(iter(self.commands)))
                return 1
            if parent_make_interrupted():
                break
            time.sleep(0.2)
        return 0

    def _ended(self, name: str, code: int) -> int:
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        self._say(f"{name} {how}; stopping the others")
        self._show_tail(name)
        return 1

    def _show_tail(self, name: str) -> None:
        if self.log_dir is None:
            return
        log = self.log_dir / f"{name}.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        self._print(f"--- last lines of {log} ---")
        self._print("\n".join(lines[-TAIL_LINES:]))
        self._print("---")

    def _relay(self, name: str, stream: IO[bytes]) -> None:
        width = max(map(len, self.commands))
        for line in stream:
            self._print(f"{name:<{width}} | {line.decode(errors='replace').rstrip()}")

    def _say(self, text: str) -> None:
        self._print(f"==> {text}")

    def _print(self, text: str) -> None:
        with self._printing:
            print(text, flush=True)


def is_ready(url: str) -> bool:
    """Say whether the address answers 200 now, past any proxy the machine may have set."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def parent_make_interrupted() -> bool:
    """Say whether the make that started us got a SIGINT that did not reach us.

    Ctrl-C reaches the whole terminal; ``kill -INT`` of make alone does not, and make then waits
    for its child without a word. What can be seen is that make no longer catches SIGINT.
    """
    if "MAKELEVEL" not in os.environ:
        return False
    try:
        fields = dict(
            line.split(":", 1) for line in Path(f"/proc/{os.getppid()}/status").read_text().splitlines() if ":" in line
        )
    except OSError:
        return False
    bit = 1 << (signal.SIGINT - 1)
    handled = int(fields["SigCgt"], 16) | int(fields["SigIgn"], 16)
    return fields["Name"].strip() in {"make", "gmake"} and not handled & bit


def named_commands(words: Sequence[str]) -> dict[str, list[str]]:
    """Read ``name='command line'`` words. Raises ValueError for a word of another shape."""
    commands: dict[str, list[str]] = {}
    for word in words:
        name, separator, line = word.partition("=")
        if not (name and separator and line):
            raise ValueError(f"{word!r} is not of the form name='command'")
        commands[name] = shlex.split(line)
    return commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Run several processes as one.")
    parser.add_argument("processes", nargs="+", metavar="name=command")
    parser.add_argument("--log-dir", type=Path)
    parser.add_argument("--ready-url", default="")
    parser.add_argument("--banner", default="")
    parser.add_argument("--grace", type=float, default=15)
    options = parser.parse_args(arguments)
    try:
        commands = named_commands(options.processes)
    except ValueError as error:
        parser.error(str(error))
    return Supervisor(
        commands,
        log_dir=options.log_dir,
        ready_url=options.ready_url,
        banner=options.banner,
        grace_seconds=options.grace,
    ).run()


if __name__ == "__main__":
    sys.exit(main())
