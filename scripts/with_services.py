"""Run a command in surroundings of its own, beside a PostgreSQL and a Redis of its own.

``python -m scripts.with_services -- pytest …`` starts both on free ports with their data in a
temporary directory, tells the command of them in ``DATABASE_URL`` and ``REDIS_URL``, hands signals
on to it, and afterwards, however it ended, stops both and removes the data. ``--embedded`` starts
none. ``--measured`` leaves PostgreSQL as a production server has it, so that what ``make bench``
measures beside it means something. Whichever way, the command writes below a ``VAR_DIR`` of its own
and sees no setting of the caller's: tests and checks neither touch the data of ``make run`` nor
depend on a ``.env``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from scripts.children import bound_to_parent, free_port, signal_group, stop
from scripts.environment import SETTINGS, postgres_bin

START_SECONDS = 60
ATTEMPTS = 5
# Tests throw the data away: nothing is worth waiting for the disk.
POSTGRES_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "dynamic_shared_memory_type": "mmap",
    "max_parallel_workers_per_gather": "0",
    "log_min_messages": "fatal",
}
# Durable, parallel, compiled as by default. What would run into one measurement and not into another is
# kept out: the bench analyses its tables itself and calls for its checkpoints.
MEASURED_OPTIONS = {
    "autovacuum": "off",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1d",
    "shared_buffers": "1GB",
    "work_mem": "16MB",
    "dynamic_shared_memory_type": "mmap",
    "log_min_messages": "fatal",
}


class ServiceError(Exception):
    """A server that could not be started; the text ends with its log."""


def server_account() -> dict[str, Any]:
    """Return Popen's arguments for an account PostgreSQL agrees to run under: never root."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise ServiceError(
            "Started by root, PostgreSQL needs the account «postgres»; the Debian package makes it."
        ) from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _give(path: Path, account: dict[str, Any]) -> None:
    if account:
        os.chown(path, account["user"], account["group"])


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> bool:
    """Wait for a server; False when it ended by itself (its port was taken, for one)."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if ready():
            # Ready, and not by a stranger who took the port while ours was giving up.
            return process.poll() is None
        time.sleep(0.05)
    stop([process], grace=1)
    raise ServiceError(f"Not ready after {START_SECONDS} s:\n{log.read_text(errors='replace')[-2000:]}")


def _redis_answers(port: int) -> bool:
    """Say whether a Redis listens on the port: an open port alone proves nothing."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _start(
    command: Callable[[int], list[str]], ready: Callable[[int], bool], log: Path, **options: Any
) -> tuple[Any, int]:
    """Start a server on a free port, on another one if somebody was quicker; return both."""
    for _ in range(ATTEMPTS):
        port = free_port()
        with log.open("wb") as output:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                command(port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )
        if _wait_until(lambda port=port: ready(port), process, log):  # type: ignore[misc]
            return process, port
    raise ServiceError(f"{command(0)[0]} does not start:\n{log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def postgres(directory: Path, chosen: Mapping[str, str] = POSTGRES_OPTIONS) -> Iterator[str]:
    """Run a PostgreSQL of our own below ``directory`` with these options; yield its DATABASE_URL."""
    commands = postgres_bin()
    if commands is None:
        raise ServiceError("PostgreSQL is not installed; «make test» installs it.")
    account = server_account()
    home = directory / "postgres"
    home.mkdir(mode=0o700)
    password = secrets.token_urlsafe(24)
    password_file = home / "password"
    password_file.write_text(password, encoding="ascii")
    for path in (home, password_file):
        _give(path, account)
    # The Russian order of words comes from ICU, as in production (docs/deployment.md).
    made = subprocess.run(
        [
            *(commands / "initdb", "--pgdata", home / "data", "--username", "portal", "--no-sync"),
            *("--auth", "scram-sha-256", "--pwfile", password_file, "--encoding", "UTF8"),
            *("--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "ru-RU"),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=home,
        **account,
    )
    if made.returncode:
        raise ServiceError(f"initdb failed:\n{made.stdout}{made.stderr}")
    settings = {**chosen, "unix_socket_directories": "", "listen_addresses": "127.0.0.1"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def ready(port: int) -> bool:
        address = ["--quiet", "--host", "127.0.0.1", "--port", str(port)]
        return subprocess.run([commands / "pg_isready", *address], check=False).returncode == 0

    process, port = _start(
        lambda port: bound_to_parent(
            [str(commands / "postgres"), "-D", str(home / "data"), "-p", str(port), *options], signal.SIGQUIT
        ),
        ready,
        directory / "postgres.log",
        cwd=home,
        **account,
    )
    try:
        yield f"postgres://portal:{password}@127.0.0.1:{port}/postgres"
    finally:
        stop([process], signal_number=signal.SIGINT, grace=15)


@contextlib.contextmanager
def redis(directory: Path) -> Iterator[str]:
    """Run a Redis of our own that keeps nothing on disk; yield its REDIS_URL."""
    server = shutil.which("redis-server")
    if server is None:
        raise ServiceError("Redis is not installed; «make test» installs it.")
    fixed = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", "64", "--dir", str(directory)]
    process, port = _start(
        lambda port: bound_to_parent([server, "--port", str(port), *fixed]),
        _redis_answers,
        directory / "redis.log",
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop([process], grace=10)


def run_command(command: Sequence[str], env: dict[str, str]) -> int:
    """Run the command, handing on SIGINT and SIGTERM; return its exit code as a shell gives it."""
    process = subprocess.Popen(bound_to_parent(command), env=env, start_new_session=True)

    def hand_on(signal_number: int, _frame: FrameType | None) -> None:
        signal_group(process, signal_number)

    before = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        code = process.wait()
    finally:
        # What the command left behind of its own children goes with it.
        stop([process], grace=2)
        for number, handler in before.items():
            signal.signal(number, handler)
    return 128 - code if code < 0 else code


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; return the command's exit code, or 1 when the servers do not start."""
    parser = argparse.ArgumentParser(description="Run a command beside PostgreSQL and Redis.")
    parser.add_argument("--embedded", action="store_true", help="no servers: SQLite and the file system")
    parser.add_argument("--measured", action="store_true", help="PostgreSQL as in production, to measure beside it")
    parser.add_argument("command", nargs="+", help="the command, after --")
    options = parser.parse_args(arguments)

    def interrupted(signal_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal_number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-services-")))
        directory.chmod(0o711)  # the account of PostgreSQL passes through
        env = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        env["VAR_DIR"] = str(directory / "var")
        # What goes right would bury what goes wrong.
        env["LOG_LEVEL"] = "WARNING"
        try:
            if not options.embedded:
                env["DATABASE_URL"] = stack.enter_context(
                    postgres(directory, MEASURED_OPTIONS if options.measured else POSTGRES_OPTIONS)
                )
                env["REDIS_URL"] = stack.enter_context(redis(directory))
        except ServiceError as error:
            print(error, file=sys.stderr)
            return 1
        return run_command(options.command, env)


if __name__ == "__main__":
    sys.exit(main())
