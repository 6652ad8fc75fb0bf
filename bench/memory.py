"""How much memory a command takes with all the processes it starts. Linux only."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

EVERY_SECONDS = 0.02
MEGABYTE = 1024 * 1024
_PAGE = 4096


def peak(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Run the command and return the most that its processes had resident together, in megabytes.

    Raises CalledProcessError when the command fails.
    """
    process = subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, _resident(process.pid))
        time.sleep(EVERY_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return most / MEGABYTE


def _resident(pid: int) -> int:
    """Bytes resident in a process and those below it; one that has just ended counts nothing."""
    place = Path("/proc") / str(pid)
    try:
        pages = int((place / "statm").read_text().split()[1])
        children = (place / "task" / str(pid) / "children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * _PAGE + sum(_resident(int(child)) for child in children)
