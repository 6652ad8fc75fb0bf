"""Running a reader of strangers' files in a process of its own, under limits, and hearing its answer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# The child opens files from strangers: it gets the paths it needs to start, and no secret of the settings.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")


class ChildDied(Exception):
    """The child used up its memory or its time, or broke down: the file asks for too much."""


class ChildNotStarted(Exception):
    """The system gave no process; the file is not to blame."""


def run_child(script: Path, data: bytes, arguments: tuple[int, ...], *, seconds: int) -> dict[str, Any]:
    """Give the bytes to a script of ours on its standard input and return the JSON object it prints.

    Raises `ChildDied` or `ChildNotStarted`. The command is our own file and numbers: nothing in it comes from the data.
    """
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    try:
        finished = subprocess.run(
            [sys.executable, "-I", str(script), *map(str, arguments)],
            input=data,
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildDied from error
    except OSError as error:
        raise ChildNotStarted from error
    if finished.returncode:
        raise ChildDied
    answer: dict[str, Any] = json.loads(finished.stdout)
    return answer
