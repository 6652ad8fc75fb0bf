"""What `make run` and `make serve` refuse, and how they say so."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.environment import ROOT, SETTINGS
from scripts.start import StartError, hold, port_number, require_free


def start(mode: str, **env: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return subprocess.run(
        [sys.executable, "-m", "scripts.start", mode],
        cwd=ROOT,
        env={**outside, **env},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "80.5"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(StartError, match="is not a port"):
        port_number(text)


@pytest.mark.parametrize("mode", ["run", "serve"])
def test_a_taken_port_is_named_before_anything_is_touched(tmp_path: Path, mode: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = start(mode, PORT=str(port), VAR_DIR=str(tmp_path / "var"))
    assert result.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "var").exists()


def test_a_free_port_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    require_free("127.0.0.1", port)


def test_two_portals_do_not_share_one_folder(tmp_path: Path) -> None:
    with hold(tmp_path / "var" / "run.lock"), pytest.raises(StartError, match="already runs on the data"):
        hold(tmp_path / "var" / "run.lock")
    hold(tmp_path / "var" / "run.lock").close()


def test_production_names_all_that_is_missing_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    result = start("serve", PORT=str(port), VAR_DIR=str(tmp_path / "var"), ALLOWED_HOSTS="portal.example.org")
    assert result.returncode == 1
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_URL"):
        assert name in result.stderr
    assert "ALLOWED_HOSTS" not in result.stderr
    assert "Traceback" not in result.stderr


def test_production_collects_every_static_file(tmp_path: Path) -> None:
    """As `make serve` and the image do it: a style sheet that names a missing file fails there."""
    outside = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    words = "SECRET_KEY=k DATABASE_URL=postgres://d REDIS_URL=redis://r EMAIL_URL=smtp://m ALLOWED_HOSTS=h"
    production = {
        **dict(word.split("=", 1) for word in words.split()),
        "DJANGO_ENV": "production",
        "PORTAL_URL": "https://h",
        "VAR_DIR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path / "static"),
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input"],
        cwd=ROOT,
        env={**outside, **production},
        check=True,
        capture_output=True,
    )
    assert list((tmp_path / "static" / "vendor" / "bootstrap" / "css").glob("bootstrap.min.*.css.br"))
