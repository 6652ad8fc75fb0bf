"""``make install`` on machines of different kinds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment
from scripts.environment import SetupError, SystemPackage, missing_packages, privilege_prefix, uv_settings

THERE = SystemPackage("there", lambda: True)
ABSENT = SystemPackage("absent", lambda: False)


def test_only_what_is_missing_is_installed() -> None:
    assert missing_packages([THERE, ABSENT]) == ["absent"]


def test_this_machine_has_what_the_tests_need() -> None:
    assert missing_packages([*environment.RUNTIME_PACKAGES, *environment.TEST_PACKAGES]) == []


def test_a_library_nobody_has_is_missing() -> None:
    assert not environment._library("libprofminimum.so.0")()
    assert not environment._font("Profminimum.ttf")()
    assert not environment._command("profminimum")()


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what the test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put(folder: Path, name: str, content: str = "#!/bin/sh\n") -> None:
    (folder / name).write_text(content)
    (folder / name).chmod(0o755)


def test_root_needs_nothing_before_apt(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tools, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert privilege_prefix(["chromium"]) == []


def test_others_go_through_sudo_and_never_wait_for_a_password(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tools, "apt-get")
    put(tools, "sudo")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert privilege_prefix(["chromium"]) == ["sudo", "-n"]


def test_without_rights_the_packages_are_named(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tools, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match=r"apt-get install --no-install-recommends chromium redis-server"):
        privilege_prefix(["chromium", "redis-server"])


def test_without_apt_the_packages_are_named(tools: Path) -> None:
    with pytest.raises(SetupError, match=r"no apt-get.*chromium"):
        privilege_prefix(["chromium"])


def test_apt_starts_no_servers_and_takes_no_recommendations(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, brought = tools / "log", tools / "brought"
    put(tools, "env", f'#!/bin/sh\necho "$@" >> {log}\ncase "$*" in *install*) : > {brought};; esac\n')
    put(tools, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    environment.install_system_packages([THERE, SystemPackage("wanted", brought.exists)])
    update, install = log.read_text().splitlines()
    assert update.endswith("update")
    assert install.startswith("DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get ")
    assert install.endswith("install -y --no-install-recommends wanted")


def test_an_apt_that_fails_is_said_so(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tools, "env", "#!/bin/sh\nexit 100\n")
    put(tools, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SetupError, match=r"could not install.*\n.*absent"):
        environment.install_system_packages([ABSENT])


def test_an_older_python_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert environment.main(["install"]) == 1
    assert "needs Python 3.11 or newer; python3 here is 3.9.2" in capsys.readouterr().err


def test_a_setup_error_reaches_the_person_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*, for_tests: bool) -> None:
        raise SetupError("Ask an administrator")

    monkeypatch.setattr(environment, "install", fail)
    assert environment.main(["install", "--for-tests"]) == 1
    assert capsys.readouterr().err == "\nAsk an administrator\n"


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    """With a command that would fail if it were run at all."""
    result = subprocess.run(
        [sys.executable, "-m", "scripts.environment", "install", "--for-tests"],
        cwd=environment.ROOT,
        env={**os.environ, "PIP_NO_INDEX": "1", "UV_OFFLINE": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout == ""


# --- what pip knows about the machine's mirrors reaches uv ----------------------------------------
PLAIN = "global.index-url='https://mirror.example/simple'\n"


def test_a_machine_without_settings_gives_uv_none() -> None:
    assert uv_settings("", {}) == {}


def test_the_index_of_pip_becomes_uvs() -> None:
    assert uv_settings(PLAIN, {}) == {"UV_DEFAULT_INDEX": "https://mirror.example/simple"}


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_what_is_said_to_uv_itself_stands(name: str) -> None:
    assert uv_settings(PLAIN, {name: "https://other.example/simple"}) == {}


def test_the_environment_wins_over_the_command_over_all() -> None:
    listed = ":env:.index-url='https://c'\nglobal.index-url='https://a'\ninstall.index-url='https://b'\n"
    assert uv_settings(listed, {})["UV_DEFAULT_INDEX"] == "https://c"
    assert uv_settings(listed.partition("\n")[2], {})["UV_DEFAULT_INDEX"] == "https://b"


def test_further_indexes_are_one_pool_as_with_pip(tmp_path: Path) -> None:
    listed = f"global.extra-index-url='https://b https://c file://{tmp_path}'\n"
    assert uv_settings(listed, {}) == {
        "UV_INDEX": f"https://b https://c file://{tmp_path}",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_folders_that_are_gone_are_left_out(tmp_path: Path) -> None:
    listed = f"global.find-links='/nowhere/wheels {tmp_path}'\nglobal.extra-index-url='file:///nowhere'\n"
    assert uv_settings(listed, {}) == {"UV_FIND_LINKS": str(tmp_path)}


def test_certificates_proxy_and_patience_are_handed_on() -> None:
    listed = "global.cert='/ca.pem'\nglobal.proxy='http://proxy:3128'\nglobal.timeout='90'\nglobal.trusted-host='m'\n"
    assert uv_settings(listed, {"HTTPS_PROXY": "http://mine:1"}) == {
        "SSL_CERT_FILE": "/ca.pem",
        "UV_HTTP_TIMEOUT": "90",
        "UV_INSECURE_HOST": "m",
    }


def test_no_index_is_a_switch() -> None:
    assert uv_settings("global.no-index='true'\n", {}) == {"UV_NO_INDEX": "1"}
    assert uv_settings("global.no-index='false'\n", {}) == {}


# --- front-end files ----------------------------------------------------------------------------
def test_only_the_files_pages_load_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules, vendor = tmp_path / "node_modules", tmp_path / "vendor"
    monkeypatch.setattr(environment, "VENDOR_FILES", {"kit/dist/kit.css": "kit/kit.css"})
    for name in ("kit/dist/kit.css", "kit/dist/kit.css.map"):
        (modules / name).parent.mkdir(parents=True, exist_ok=True)
        (modules / name).write_text(name)
    vendor.mkdir()
    (vendor / "left.js").write_text("of an older version")

    environment.copy_vendor_files(modules, vendor)
    assert [path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()] == ["kit/kit.css"]

    (modules / "kit/dist/kit.css").write_text("newer")
    environment.copy_vendor_files(modules, vendor)
    assert (vendor / "kit/kit.css").read_text() == "newer"


def test_stamps_follow_content_and_not_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    lock = tmp_path / "lock"
    lock.write_text("a==1")
    before = environment.fingerprint([lock], "3.11")
    environment.mark_done("python", before)
    os.utime(lock, (0, 0))
    assert environment.is_done("python", environment.fingerprint([lock], "3.11"))
    lock.write_text("a==2")
    assert not environment.is_done("python", environment.fingerprint([lock], "3.11"))
    lock.write_text("a==1")
    assert not environment.is_done("python", environment.fingerprint([lock], "3.12"))
