"""Child processes that never outlive the one who started them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path


def bound_to_parent(command: Sequence[str], signal_number: signal.Signals = signal.SIGTERM) -> list[str]:
    """Return the command such that the kernel sends it the signal when its parent dies.

    This covers what no handler can: a parent that was itself killed.
    """
    return ["setpriv", "--pdeathsig", signal_number.name.removeprefix("SIG"), "--", *command]


def signal_group(process: subprocess.Popen[bytes], signal_number: int) -> None:
    """Send the signal to a child started in its own session and to all it started in turn."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal_number)


def group_alive(process: subprocess.Popen[bytes]) -> bool:
    """Say whether anything of the child's process group still runs.

    Zombies do not count: in a container whose first process reaps nothing they stay for ever.
    """
    process.poll()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The command's name stands in brackets and may hold anything; after it: state, parent, group.
            state, _parent, group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == process.pid and state not in {"Z", "X"}:
            return True
    return False


def stop(processes: list[subprocess.Popen[bytes]], *, signal_number: int = signal.SIGTERM, grace: float) -> None:
    """Ask all children to stop, wait ``grace`` seconds at most, then kill what is left of them.

    Only the child itself is asked: a Celery worker whose pool is told to stop at the same time
    waits for it in vain. What a child leaves behind when it ends is killed without asking.
    """
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal_number)
    deadline = time.monotonic() + grace
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
    for process in processes:
        signal_group(process, signal.SIGKILL)
        process.wait()
    while any(group_alive(process) for process in processes):
        time.sleep(0.02)


def port_is_free(host: str, port: int) -> bool:
    """Say whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
