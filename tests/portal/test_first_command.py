"""A command as the very first start of an installation: nobody has migrated anything yet."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError
from django.db import connection

from accounts.reference import prepare_database

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def first_command(var: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command on a data directory that is empty."""
    env = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    env |= {"DJANGO_ENV": "embedded", "VAR_DIR": str(var)}
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *words]
    done = subprocess.run(command, env=env, check=False, capture_output=True, encoding="utf-8")
    return done.returncode, done.stdout, done.stderr


def test_schools_come_in(tmp_path: Path) -> None:
    faulty = FIXTURES / "schools_faulty.xlsx"
    code, out, err = first_command(tmp_path / "var", "import_schools", str(faulty), "--json")
    assert (code, json.loads(out)["created"]) == (1, 0)
    assert json.loads(out)["errors"]
    assert "Traceback" not in err


def test_a_report_says_what_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "r.xlsx"
    code, printed, err = first_command(
        tmp_path / "var", "build_report", "roadmap", "--format", "xlsx", "--out", str(out)
    )
    assert (code, printed) == (1, "")
    assert err.splitlines() == ["CommandError: В базе нет ни одного субъекта РФ: сначала загрузите справочники."]
    assert not out.exists()


def test_nobody_is_chased(tmp_path: Path) -> None:
    code, out, err = first_command(tmp_path / "var", "chase_overdue", "--today", "2023-10-16")
    assert (code, err) == (0, "")
    assert out == "Писем отправлено: 0, уже были отправлены: 0, не удалось: 0\n"


def test_in_production_migrating_is_asked_for(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    settings.PRODUCTION = True
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(CommandError, match=r"Сначала выполните: manage\.py migrate"):
        prepare_database()
