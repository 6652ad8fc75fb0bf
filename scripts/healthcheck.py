"""What Docker asks a container about its health: ``python -m scripts.healthcheck web|worker|beat``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

# Beat writes its schedule down after each job it sends, and it sends one every five minutes.
BEAT_SILENCE_SECONDS = 15 * 60


def web(port: str, host: str) -> bool:
    """Say whether the site answers /healthz to the name it serves."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def worker() -> bool:
    """Say whether the worker of this container answers a ping over the broker."""
    node = f"celery@{os.uname().nodename}"
    command = [sys.executable, "-m", "celery", "-A", "portal", "inspect", "ping", "-d", node, "-t", "5"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def beat(schedule: Path, now: float) -> bool:
    """Say whether beat has written its schedule lately; the storage adds endings to the name."""
    written = [path.stat().st_mtime for path in schedule.parent.glob(f"{schedule.name}*")]
    return bool(written) and now - max(written) < BEAT_SILENCE_SECONDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 for a healthy process, 1 for a sick one, 2 for an unknown name."""
    words = sys.argv[1:] if arguments is None else arguments
    match list(words):
        case ["web"]:
            # «.example.org» and «*» are patterns; what they stand for is a name Django accepts.
            host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip(" .*")
            healthy = web(os.environ.get("PORT", "8000"), host or "localhost")
        case ["worker"]:
            healthy = worker()
        case ["beat"]:
            var = Path(os.environ.get("VAR_DIR", "var"))
            healthy = beat(var / "celery" / "beat-schedule", time.time())
        case _:
            print("usage: python -m scripts.healthcheck web|worker|beat", file=sys.stderr)
            return 2
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
