"""Set up what the portal needs on a machine that has only python3 and make.

``python3 scripts/environment.py install`` brings system libraries, ``.venv``, the locked Python
packages and the locked front-end files; ``--for-tests`` adds PostgreSQL, Redis and Chromium. Each
step looks first and does nothing when nothing changed, so it may stand before every other command.
"""

from __future__ import annotations

import argparse
import ast
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)

# Front-end files the pages load, by their place in node_modules; nothing else is served. The maps
# are here because the files name them and collectstatic refuses a name that leads nowhere.
VENDOR_FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/css/bootstrap.min.css",
    "bootstrap/dist/css/bootstrap.min.css.map": "bootstrap/css/bootstrap.min.css.map",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/js/bootstrap.bundle.min.js",
    "bootstrap/dist/js/bootstrap.bundle.min.js.map": "bootstrap/js/bootstrap.bundle.min.js.map",
}


# The settings a deployment gives by environment; what is not here comes through.
SETTINGS = (
    *("DJANGO_ENV", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "PORTAL_URL", "ALLOWED_HOSTS", "DEBUG"),
    *("PROXY_COUNT", "REQUIRE_MFA_ROLES", "INVITATION_DAYS", "SECRET_KEY_FALLBACKS", "OIDC_SERVER_URL"),
    *("CSRF_TRUSTED_ORIGINS", "MEDIA_ROOT", "STATIC_ROOT", "VAR_DIR", "LOG_LEVEL", "LOG_FORMAT", "PORT"),
)


class SetupError(Exception):
    """Something only a person can put right; the text says what and how."""


@dataclass(frozen=True)
class SystemPackage:
    """A Debian package and how to tell, without asking dpkg, that what it brings is there."""

    name: str
    present: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    """Say whether the dynamic linker finds the library: the same question WeasyPrint asks."""

    def present() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def _command(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _font(file_name: str) -> Callable[[], bool]:
    return lambda: any(Path("/usr/share/fonts").rglob(file_name))


def postgres_bin() -> Path | None:
    """Return the directory of the newest PostgreSQL server's commands, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


RUNTIME_PACKAGES = (
    SystemPackage("python3-venv", lambda: importlib.util.find_spec("ensurepip") is not None),
    SystemPackage("libpango-1.0-0", _library("libpango-1.0.so.0")),
    SystemPackage("libpangoft2-1.0-0", _library("libpangoft2-1.0.so.0")),
    SystemPackage("libharfbuzz-subset0", _library("libharfbuzz-subset.so.0")),
    SystemPackage("fonts-paratype", _font("PTS55F.ttf")),
    SystemPackage("fonts-liberation2", _font("LiberationSans-Regular.ttf")),
)
TEST_PACKAGES = (
    SystemPackage("postgresql", lambda: postgres_bin() is not None),
    SystemPackage("redis-server", _command("redis-server")),
    SystemPackage("chromium", _command("chromium")),
)


def say(text: str) -> None:
    """Tell the person at the terminal what is being done."""
    print(f"==> {text}", flush=True)


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
    """Run a command in the project's root; a failure ends the setup with the command's name."""
    result = subprocess.run([str(word) for word in command], cwd=ROOT, env=env, check=False, stdin=subprocess.DEVNULL)
    if result.returncode:
        raise SetupError(
            f"{Path(command[0]).name} failed with exit code {result.returncode}; what it said stands above."
        )


# --- system packages --------------------------------------------------------------------------
def missing_packages(packages: Sequence[SystemPackage]) -> list[str]:
    """Return the names of the packages whose content this machine lacks."""
    return [package.name for package in packages if not package.present()]


def privilege_prefix(names: Sequence[str]) -> list[str]:
    """Return what to put before apt-get to run it as root.

    Raises SetupError, naming the packages, where neither apt-get nor root's rights are to be had.
    """
    wanted = " ".join(names)
    if shutil.which("apt-get") is None:
        raise SetupError(f"This machine has no apt-get. Install what these Debian packages bring: {wanted}")
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None:
        # Without a terminal nobody can type a password: fail at once instead of waiting.
        return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    raise SetupError(
        f"System packages are missing and you are neither root nor have sudo. Ask an administrator to run:\n"
        f"    apt-get install --no-install-recommends {wanted}"
    )


def install_system_packages(packages: Sequence[SystemPackage]) -> None:
    """Install what is missing with apt-get, starting no service."""
    names = missing_packages(packages)
    if not names:
        return
    prefix = privilege_prefix(names)
    say(f"System packages: {' '.join(names)}")
    # RUNLEVEL=1 keeps the packages' scripts from starting servers nobody asked for.
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-q"]
    options = ["-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300"]
    updated = subprocess.run([*apt, *options, "update"], check=False, stdin=subprocess.DEVNULL)
    if updated.returncode:
        say("apt-get update failed; going on with the package lists this machine has")
    command: list[str] = [*apt, *options, "install", "-y", "--no-install-recommends", *names]
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
        raise SetupError(
            "apt-get could not install the system packages. Run it by hand and start again:\n"
            f"    apt-get install --no-install-recommends {' '.join(names)}"
        )
    still_missing = missing_packages([p for p in packages if p.name != "python3-venv"])
    if still_missing:
        raise SetupError(f"Installed, yet not found on this machine: {' '.join(still_missing)}")


# --- stamps -----------------------------------------------------------------------------------
def fingerprint(paths: Sequence[Path], *words: str) -> str:
    """Return a digest of the files' contents and the words; contents, because git changes dates."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes() + b"\0")
    for word in words:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


def _stamp(name: str) -> Path:
    return VENV / ".stamps" / name


def is_done(name: str, print_: str) -> bool:
    """Say whether the step was finished with just these inputs."""
    path = _stamp(name)
    return path.exists() and path.read_text(encoding="ascii") == print_


def mark_done(name: str, print_: str) -> None:
    """Remember that the step was finished with these inputs."""
    path = _stamp(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(print_, encoding="ascii")


# --- Python packages --------------------------------------------------------------------------
def ensure_venv() -> None:
    """Create ``.venv``, or create it anew when its interpreter is gone or too old."""
    python = VENV / "bin" / "python"
    test = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON!r})"
    if python.exists() and subprocess.run([python, "-c", test], check=False, capture_output=True).returncode == 0:
        return
    say("Python environment: .venv")
    # A child, not the venv module here: python3-venv may have come a moment ago.
    run([sys.executable, "-m", "venv", "--clear", VENV])


def uv_settings(pip_settings: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Translate what ``pip config list`` printed into the variables uv reads.

    uv does not read pip's configuration, but a machine behind a mirror says so only there. What is
    already said to uv in ``environ`` stands.
    """
    values: dict[str, str] = {}
    # pip's own order: the command's section over the global one, the environment over both.
    for section in ("global", "install", ":env:"):
        for line in pip_settings.splitlines():
            key, _, value = line.partition("=")
            head, _, option = key.rpartition(".")
            if head == section:
                values[option.strip()] = str(ast.literal_eval(value.strip()))
    result: dict[str, str] = {}

    def tell(name: str, value: str, *unless: str) -> None:
        if value and not any(environ.get(other) for other in (name, *unless)):
            result[name] = value

    tell("UV_DEFAULT_INDEX", values.get("index-url", ""), "UV_INDEX_URL")
    extra = " ".join(filter(_reachable, values.get("extra-index-url", "").split()))
    tell("UV_INDEX", extra, "UV_EXTRA_INDEX_URL")
    if extra:
        # As pip does: all indexes are one pool. The hashes of the lock say which file is meant.
        tell("UV_INDEX_STRATEGY", "unsafe-best-match")
    tell("UV_FIND_LINKS", ",".join(filter(_reachable, values.get("find-links", "").split())))
    tell("UV_NO_INDEX", "1" if values.get("no-index", "").lower() in {"1", "true", "yes", "on"} else "")
    tell("UV_INSECURE_HOST", values.get("trusted-host", ""))
    tell("SSL_CERT_FILE", values.get("cert", ""))
    tell("HTTPS_PROXY", values.get("proxy", ""), "https_proxy", "ALL_PROXY", "all_proxy")
    tell("UV_HTTP_TIMEOUT", values.get("timeout", values.get("default-timeout", "")))
    return result


def _reachable(location: str) -> bool:
    """Say whether a location is remote or an existing directory: uv stops where pip only warns."""
    parts = urlsplit(location)
    if parts.scheme in {"http", "https"}:
        return True
    return Path(unquote(parts.path)).exists()


def uv_environment() -> dict[str, str]:
    """Return the environment in which to call uv on this machine."""
    listed = subprocess.run(
        [VENV / "bin" / "python", "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    )
    extra = {"UV_PYTHON_DOWNLOADS": "never"}
    if not sys.stdout.isatty():
        extra["UV_NO_PROGRESS"] = "1"
    return {**os.environ, **extra, **uv_settings(listed.stdout, os.environ)}


def install_python_packages() -> None:
    """Bring ``.venv`` to exactly what the lock names, checking every file's hash."""
    bootstrap, lock = ROOT / "requirements" / "bootstrap.txt", ROOT / "requirements" / "dev.txt"
    print_ = fingerprint([bootstrap, lock], sys.version)
    if is_done("python", print_):
        return
    say("Python packages: requirements/dev.txt")
    python = VENV / "bin" / "python"
    options: list[str | Path] = [
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--requirement",
        bootstrap,
    ]
    run([python, "-m", "pip", "install", *options])
    uv = VENV / "bin" / "uv"
    run([uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", lock], env=uv_environment())
    mark_done("python", print_)


# --- front-end files --------------------------------------------------------------------------
def node_environment() -> dict[str, str]:
    """Return an environment in which npm finds the node of ``.venv``."""
    return {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "true"}


def install_front_end() -> None:
    """Install the locked npm packages and copy the files that pages load to ``static/vendor``."""
    modules, vendor = ROOT / "node_modules", ROOT / "static" / "vendor"
    print_ = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if not (modules.is_dir() and is_done("npm", print_)):
        say("Front-end packages: package-lock.json")
        run([VENV / "bin" / "npm", "ci", "--no-update-notifier", "--loglevel=error"], env=node_environment())
        mark_done("npm", print_)
    copy_vendor_files(modules, vendor)


def copy_vendor_files(modules: Path, vendor: Path) -> None:
    """Make ``vendor`` hold exactly VENDOR_FILES as they are in ``modules``."""
    for source_name, name in VENDOR_FILES.items():
        source, target = modules / source_name, vendor / name
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    wanted = {vendor / name for name in VENDOR_FILES.values()}
    for path in vendor.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()


def install(*, for_tests: bool) -> None:
    """Do every step that is not done yet."""
    install_system_packages(RUNTIME_PACKAGES + (TEST_PACKAGES if for_tests else ()))
    ensure_venv()
    install_python_packages()
    install_front_end()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Set up the portal's environment.")
    parser.add_argument("command", choices=["install"])
    parser.add_argument("--for-tests", action="store_true", help="also PostgreSQL, Redis and Chromium")
    options = parser.parse_args(arguments)
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"The portal needs Python 3.11 or newer; python3 here is {found}.", file=sys.stderr)
        print("Name another one: make install PYTHON=/path/to/python3.11", file=sys.stderr)
        return 1
    try:
        install(for_tests=options.for_tests)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
