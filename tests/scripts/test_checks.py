"""The checks of `make check` that are our own: templates, tree, locks; and the container's health."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import check_tree, healthcheck, lint_templates
from scripts.lint_templates import lint
from scripts.lock import without_addresses


def messages(source: str) -> list[str]:
    return [f"{finding.line}: {finding.message.split(':')[0]}" for finding in lint(source, Path("page.html"))]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>\n<script>alert(1)</script>", "2: inline script"),
        ('<a onclick="go()">', "1: inline handler onclick"),
        ('<p style="color: red">', "1: style attribute"),
        ('<script src="https://cdn.example/x.js"></script>', "1: <script> loads from elsewhere"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "1: <link> loads from elsewhere"),
        ('<img src="a.png">', '1: <img> without alt (alt="" for a decoration)'),
        ('<a href="https://a.example" target="_blank">', "1: target=_blank without rel=noopener"),
        ('<form method="post"><input></form>{% csrf_token %}', "1: form method=post without {% csrf_token %}"),
        ('<p {% if a > b %}class="x"{% endif %}\n  style="y">', "1: style attribute"),
    ],
)
def test_what_the_browser_would_refuse_or_people_would_miss(source: str, found: str) -> None:
    assert messages(source) == [found]


@pytest.mark.parametrize(
    "source",
    [
        '<script src="{% static "js/a.js" %}" defer></script>',
        '<script type="application/json" id="figures">{}</script>',
        '<a href="https://rosmetod.example">a link may lead anywhere</a>',
        '<img src="{{ url }}" alt="">',
        '<form method="post">{% csrf_token %}<button type="submit">Да</button></form>',
        '<form method="get"><button type="button">Да</button></form>',
        "{# <p style='x'> #}<!-- <script>x</script> -->{% comment %}<img src=x>{% endcomment %}",
        "{% if a < b %}<b>1 &lt; 2</b>{% endif %}",
    ],
)
def test_what_is_right_is_left_alone(source: str) -> None:
    assert messages(source) == []


def test_print_and_letters_may_carry_styles() -> None:
    assert lint('<p style="color: red">', Path("templates/exports/print/page.html")) == []
    assert lint('<p style="color: red"><script>x</script>', Path("templates/emails/digest.html")) != []


def test_the_linter_fails_on_findings_and_on_nothing_to_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lint_templates.main([str(tmp_path)]) == 1
    page = tmp_path / "page.html"
    page.write_text("<p>Добрый день</p>")
    assert lint_templates.main([str(tmp_path)]) == 0
    page.write_text("<p style=''>Да</p>")
    assert lint_templates.main([str(tmp_path)]) == 1
    assert f"{page}:1: style attribute" in capsys.readouterr().out


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with nothing to complain of."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / ".ci").mkdir()
    for name in check_tree.LOCKS:
        (tmp_path / name).write_text("django==5.2 \\\n    --hash=sha256:ab\n" if name.endswith("txt") else "{}\n")
    (tmp_path / ".ci" / "run").write_text("#!/usr/bin/env bash\nmake test\n")
    return tmp_path


def complaints(tree: Path) -> list[str]:
    return [*check_tree.long_files(tree), *check_tree.loose_locks(tree), *check_tree.broken_shell(tree)]


def test_a_good_tree_passes(tree: Path) -> None:
    assert complaints(tree) == []


def test_long_files_are_named_but_not_among_tests_and_migrations(tree: Path) -> None:
    for name in ("roadmap/views.py", "tests/test_long.py", "roadmap/migrations/0001_initial.py", ".venv/x.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("\n" * (check_tree.LONGEST + 1))
    assert complaints(tree) == ["roadmap/views.py: 451 lines, more than 450: make it a package"]


@pytest.mark.parametrize(
    "line",
    ["--index-url https://mirror.example", '"resolved": "http://a/b.tgz"', "--find-links /wheels", "a @ file:///a"],
)
def test_locks_hold_no_address(tree: Path, line: str) -> None:
    (tree / "package-lock.json").write_text(f"{{\n{line}\n")
    assert complaints(tree) == ["package-lock.json:2: an address in a lock: run «make lock»"]


def test_every_pin_has_its_hash(tree: Path) -> None:
    (tree / "requirements/base.txt").write_text("django==5.2\nhttpx==1.0 \\\n    --hash=sha256:ab\n")
    assert complaints(tree) == ["requirements/base.txt:1: django is pinned without a hash: run «make lock»"]


def test_shell_scripts_are_read_by_bash(tree: Path) -> None:
    (tree / ".ci" / "run").write_text("if true; then\n")
    assert len(complaints(tree)) == 1


def test_a_lock_of_npm_loses_its_addresses_and_nothing_else() -> None:
    package = {"version": "5.3.8", "integrity": "sha512-x", "license": "MIT"}
    lock = {
        "lockfileVersion": 3,
        "packages": {"node_modules/bootstrap": {**package, "funding": [{"url": "https://a"}], "resolved": "https://b"}},
    }
    assert without_addresses(lock) == {"lockfileVersion": 3, "packages": {"node_modules/bootstrap": package}}


# --- health of a container ----------------------------------------------------------------------
class Site(http.server.BaseHTTPRequestHandler):
    """A site that serves one name only."""

    def do_GET(self) -> None:
        right = self.path == "/healthz" and self.headers["Host"] == "portal.example.org"
        self.send_response(200 if right else 400)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output clean."""


@pytest.fixture
def port() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("hosts", "code"), [("portal.example.org,other", 0), (".portal.example.org", 0), ("other", 1), ("", 1)]
)
def test_web_is_asked_by_the_name_it_serves(monkeypatch: pytest.MonkeyPatch, port: str, hosts: str, code: int) -> None:
    monkeypatch.setenv("PORT", port)
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert healthcheck.main(["web"]) == code


def test_beat_is_well_while_it_writes_its_schedule(tmp_path: Path) -> None:
    schedule = tmp_path / "beat-schedule"
    assert not healthcheck.beat(schedule, now=0)
    (tmp_path / "beat-schedule.db").touch()
    written = (tmp_path / "beat-schedule.db").stat().st_mtime
    assert healthcheck.beat(schedule, now=written + 60)
    assert not healthcheck.beat(schedule, now=written + 3600)


def test_health_of_something_else_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert healthcheck.main(["mail"]) == 2
    assert "usage" in capsys.readouterr().err
