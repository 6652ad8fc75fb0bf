"""Web, worker and beat live together and die together."""

import contextlib
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.environment import ROOT
from scripts.supervise import is_ready, named_commands, parent_make_interrupted

# Says its own process id and that of a child of its own, then waits for ever.
FAMILY = (
    "import os,subprocess,time; child=subprocess.Popen(['sleep','600']);"
    "print(os.getpid(), child.pid, flush=True); time.sleep(600)"
)
STUBBORN = (
    "import os,signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(os.getpid(), flush=True);"
    "time.sleep(600)"
)


def python(code: str) -> str:
    return f'{sys.executable} -c "{code}"'


def alive(pid: int) -> bool:
    """A process that exists and is no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def eventually(question: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return question()


@contextlib.contextmanager
def supervisor(*words: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.supervise", *words],
        cwd=ROOT,
        env={name: value for name, value in (env or os.environ).items() if name != "MAKELEVEL"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def pids_in(log: Path) -> list[int]:
    return [int(word) for word in log.read_text().split()] if log.exists() else []


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_leaves_no_process_behind(tmp_path: Path, asked: signal.Signals) -> None:
    with supervisor("--log-dir", str(tmp_path), f"web={python(FAMILY)}", f"worker={python(FAMILY)}") as process:
        assert eventually(lambda: len(pids_in(tmp_path / "web.log") + pids_in(tmp_path / "worker.log")) == 4)
        pids = pids_in(tmp_path / "web.log") + pids_in(tmp_path / "worker.log")
        assert all(map(alive, pids))
        process.send_signal(asked)
        assert process.wait(timeout=30) == 0
        assert not any(map(alive, pids))


def test_asked_many_times_at_once_it_stops_all_the_same(tmp_path: Path) -> None:
    """A signal to the whole group comes more than once: from the sender, and handed on by make."""
    with supervisor("--log-dir", str(tmp_path), f"web={python(FAMILY)}") as process:
        assert eventually(lambda: len(pids_in(tmp_path / "web.log")) == 2)
        for _ in range(3000):
            process.terminate()
        try:
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def test_one_that_does_not_listen_is_killed_when_its_time_is_up(tmp_path: Path) -> None:
    with supervisor("--grace", "0.5", "--log-dir", str(tmp_path), f"worker={python(STUBBORN)}") as process:
        assert eventually(lambda: len(pids_in(tmp_path / "worker.log")) == 1)
        process.terminate()
        assert process.wait(timeout=30) == 0
        assert not alive(pids_in(tmp_path / "worker.log")[0])


def test_when_one_dies_the_others_stop_and_its_log_is_shown(tmp_path: Path) -> None:
    broken = python("import sys,time; time.sleep(0.5); print('the database is gone'); sys.exit(3)")
    with supervisor("--log-dir", str(tmp_path), f"web={python(FAMILY)}", f"worker={broken}") as process:
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "worker ended with exit code 3" in said
        assert "the database is gone" in said
        assert not any(map(alive, pids_in(tmp_path / "web.log")))


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    with supervisor("--log-dir", str(tmp_path), "worker=sh -c 'echo $$; exec sleep 600'") as process:
        assert eventually(lambda: len(pids_in(tmp_path / "worker.log")) == 1)
        process.kill()
        pid = pids_in(tmp_path / "worker.log")[0]
        assert eventually(lambda: not alive(pid))


def test_without_a_log_folder_each_line_says_whose_it_is() -> None:
    with supervisor("web=echo listening", f"worker={python(FAMILY)}") as process:
        said, _ = process.communicate(timeout=30)
        assert "web    | listening" in said


class Health(http.server.BaseHTTPRequestHandler):
    """Answers 200 from the second question on."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(200 if type(self).asked > 1 else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output clean."""


@pytest.fixture
def health() -> Iterator[str]:
    Health.asked = 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/healthz"
        server.shutdown()
        thread.join()


def test_the_banner_waits_until_the_portal_answers(health: str) -> None:
    words = ["--ready-url", health, "--banner", "The portal is at …", "web=sleep 600"]
    with supervisor(*words) as process:
        assert process.stdout is not None
        assert any("The portal is at …" in line for line in iter(process.stdout.readline, ""))
        assert Health.asked == 2


def test_only_200_counts_as_ready(health: str) -> None:
    assert not is_ready(health)
    assert is_ready(health)
    assert not is_ready("http://127.0.0.1:9/healthz")


def test_a_make_interrupted_alone_stops_the_portal(tmp_path: Path) -> None:
    """``kill -INT`` of make, as a script does it, reaches make only."""
    makefile = tmp_path / "Makefile"
    words = f"--log-dir {tmp_path} worker='sleep 600'"
    makefile.write_text(f"run:\n\t@cd {ROOT} && exec {sys.executable} -m scripts.supervise {words}\n")
    make = subprocess.Popen(["make", "-f", str(makefile), "run"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert eventually((tmp_path / "worker.log").exists)
        make.send_signal(signal.SIGINT)
        said, _ = make.communicate(timeout=30)
        assert b"stopped" in said
    finally:
        make.kill()
        make.wait()


def test_no_make_no_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    assert not parent_make_interrupted()
    monkeypatch.setenv("MAKELEVEL", "1")
    assert not parent_make_interrupted()  # the parent of a test is no make


def test_commands_are_read_by_name() -> None:
    assert named_commands(["web=gunicorn --bind 'a b'"]) == {"web": ["gunicorn", "--bind", "a b"]}
    with pytest.raises(ValueError, match="name='command'"):
        named_commands(["gunicorn"])
