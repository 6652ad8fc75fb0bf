"""Start the portal without Docker: ``run`` for a look at it, ``serve`` for production.

``run``: SQLite, Celery over the file system, the demonstration region, everything below ``var/``.
``serve``: PostgreSQL, Redis and SMTP as the environment names them. Both start the same three
processes: web (gunicorn), worker and beat (Celery).
"""

from __future__ import annotations

import argparse
import fcntl
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from scripts.children import bound_to_parent, port_is_free
from scripts.environment import ROOT, SETTINGS, VENV
from scripts.supervise import Supervisor


class StartError(Exception):
    """A reason why the portal cannot start, in words for who started it."""


def port_number(text: str) -> int:
    """Return the TCP port the text names. Raises StartError when it names none."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"PORT={text} is not a port: give a number from 1 to 65535, for example PORT=8001.")
    return int(text)


def require_free(host: str, port: int) -> None:
    """Raise StartError when something listens on the port already."""
    if not port_is_free(host, port):
        raise StartError(f"Port {port} on {host} is taken. Stop what uses it or choose another: PORT={port + 1}")


def hold(lock_path: Path) -> IO[str]:
    """Take the lock that keeps two portals off one data directory; it lasts as long as the file object."""
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    handle = lock_path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise StartError(f"The portal already runs on the data in {lock_path.parent}; stop it first.") from None
    return handle


def manage(*words: str, env: Mapping[str, str]) -> None:
    """Run a management command. Raises StartError when it fails, having said why itself."""
    command = bound_to_parent([str(VENV / "bin" / "python"), "-u", str(ROOT / "manage.py"), *words])
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
        raise StartError(f"manage.py {words[0]} failed; its message stands above.")


def celery(*words: str) -> list[str]:
    """Return the command line of a Celery process of the portal."""
    return [str(VENV / "bin" / "celery"), "-A", "portal", *words]


def gunicorn(bind: str, *words: str) -> list[str]:
    """Return the command line of the web process; no control socket, nothing would use it."""
    # The longest address gunicorn can be told to take: a filter in Cyrillic is six bytes a letter.
    longest = ["--limit-request-line", "8190"]
    fixed = ["--no-control-socket", "--bind", bind, "--worker-class", "gthread", *longest]
    return [str(VENV / "bin" / "gunicorn"), "portal.wsgi:application", *fixed, *words]


def run_embedded(environ: Mapping[str, str]) -> int:
    """Migrate, load the demonstration region, start the three processes, print logins and address."""
    host, port = "127.0.0.1", port_number(environ.get("PORT") or "8000")
    require_free(host, port)
    var = Path(environ.get("VAR_DIR") or ROOT / "var").resolve()
    lock = hold(var / "run.lock")
    # Whatever the shell holds for production, a look at the portal must not touch it.
    env = {name: value for name, value in environ.items() if name not in SETTINGS}
    env |= {"DJANGO_ENV": "embedded", "VAR_DIR": str(var), "PORT": str(port)}
    manage("migrate", "--no-input", "-v", "0", env=env)
    manage("load_demo", env=env)  # prints one login per role
    address = f"http://{host}:{port}"
    banner = f"\nThe portal is at {address}\nLogs: {var / 'log'}. Ctrl-C stops everything.\n"
    with lock:
        return Supervisor(
            {
                "web": gunicorn(f"{host}:{port}", "--workers", "1", "--threads", "8", "--access-logfile", "-"),
                "worker": celery("worker", "--concurrency", "2", "--loglevel", "INFO"),
                "beat": celery("beat", "--loglevel", "INFO", "--pidfile="),
            },
            log_dir=var / "log",
            ready_url=f"{address}/healthz",
            banner=banner,
            env=env,
            cwd=ROOT,
        ).run()


def serve(environ: Mapping[str, str]) -> int:
    """Check the production settings, migrate, collect static files, start the three processes."""
    host, port = environ.get("LISTEN_HOST") or "127.0.0.1", port_number(environ.get("PORT") or "8000")
    require_free(host, port)
    env = {**environ, "DJANGO_ENV": "production"}
    # One command before the others, so that what is missing is said once and without a traceback.
    check = subprocess.run(
        [VENV / "bin" / "python", "-c", "import portal.settings"],
        cwd=ROOT,
        env=env,
        check=False,
        stderr=subprocess.PIPE,
        text=True,
    )
    if check.returncode:
        message = check.stderr.partition("ImproperlyConfigured: ")[2] or check.stderr
        raise StartError(f"{message.strip()}\nSee .env.example and docs/deployment.md.")
    manage("check", "--deploy", env=env)
    manage("migrate", "--no-input", env=env)
    manage("collectstatic", "--no-input", env=env)
    web_workers, worker_processes = environ.get("WEB_CONCURRENCY") or "2", environ.get("WORKER_CONCURRENCY") or "2"
    return Supervisor(
        {
            "web": gunicorn(f"{host}:{port}", "--workers", web_workers, "--threads", "4"),
            "worker": celery("worker", "--concurrency", worker_processes, "--loglevel", "INFO"),
            "beat": celery("beat", "--loglevel", "INFO", "--pidfile="),
        },
        env=env,
        cwd=ROOT,
        grace_seconds=60,
    ).run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Start the portal without Docker.")
    parser.add_argument("mode", choices=["run", "serve"])
    options = parser.parse_args(arguments)
    try:
        return (run_embedded if options.mode == "run" else serve)(os.environ)
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
