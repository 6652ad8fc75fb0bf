"""Tests get servers and folders of their own, and nothing of them stays."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from scripts.environment import ROOT
from tests.scripts.test_supervise import alive, eventually

# Prints what it was told, as one line, then waits to be stopped.
TELL = "import json,os,sys,time; print(json.dumps(dict(os.environ)), flush=True); time.sleep(float(sys.argv[1]))"


@contextlib.contextmanager
def with_services(*words: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.with_services", *words],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def told(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    line = process.stdout.readline()
    environment: dict[str, str] = json.loads(line)
    return environment


def server_pids(redis_url: str, database_url: str) -> list[int]:
    """The servers' own word for who they are."""
    client = redis.Redis.from_url(redis_url)
    with contextlib.closing(client), contextlib.closing(psycopg2.connect(database_url)) as connection:
        cursor = connection.cursor()
        # The first line of postmaster.pid is the server's process id.
        cursor.execute("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int")
        row = cursor.fetchone()
        assert row is not None
        return [int(row[0]), int(client.info("server")["process_id"])]


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_both_servers_answer_and_an_interrupted_run_leaves_nothing(asked: signal.Signals) -> None:
    with with_services("--", sys.executable, "-c", TELL, "600") as process:
        environment = told(process)
        pids = server_pids(environment["REDIS_URL"], environment["DATABASE_URL"])
        folder = Path(environment["VAR_DIR"]).parent
        assert folder.exists()
        assert all(map(alive, pids))
        process.send_signal(asked)
        assert process.wait(timeout=60) != 0
        assert not any(map(alive, pids))
        assert not folder.exists()


def test_russian_words_stand_in_russian_order() -> None:
    with (
        with_services("--", sys.executable, "-c", TELL, "600") as process,
        contextlib.closing(psycopg2.connect(told(process)["DATABASE_URL"])) as connection,
    ):
        cursor = connection.cursor()
        cursor.execute("SELECT word FROM (VALUES ('Яковлев'), ('Ёлкин'), ('Жуков'), ('Ежов')) AS t (word) ORDER BY 1")
        assert [word for (word,) in cursor.fetchall()] == ["Ежов", "Ёлкин", "Жуков", "Яковлев"]


def test_what_is_measured_stands_on_a_disk_it_can_trust() -> None:
    with (
        with_services("--measured", "--", sys.executable, "-c", TELL, "600") as process,
        contextlib.closing(psycopg2.connect(told(process)["DATABASE_URL"])) as connection,
    ):
        cursor = connection.cursor()
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        assert cursor.fetchone() == ("on", "on")


def test_a_killed_run_takes_its_servers_along() -> None:
    with with_services("--", sys.executable, "-c", TELL, "600") as process:
        environment = told(process)
        pids = server_pids(environment["REDIS_URL"], environment["DATABASE_URL"])
        process.kill()
        assert eventually(lambda: not any(map(alive, pids)))
        shutil.rmtree(Path(environment["VAR_DIR"]).parent)  # what nobody was left to remove


def test_the_exit_code_is_the_commands() -> None:
    with with_services("--embedded", "--", "sh", "-c", "exit 7") as process:
        assert process.wait(timeout=60) == 7


def test_embedded_the_callers_settings_stay_outside() -> None:
    given = {"DATABASE_URL": "postgres://production", "VAR_DIR": "/srv/var", "SECRET_KEY": "k", "LC_ALL": "C.UTF-8"}
    with with_services("--embedded", "--", sys.executable, "-c", TELL, "0", **given) as process:
        environment = told(process)
        assert process.wait(timeout=60) == 0
    assert not {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"} & set(environment)
    assert environment["VAR_DIR"] != "/srv/var"
    assert environment["LC_ALL"] == "C.UTF-8"
