"""The whole portal as it runs: web server, worker, PostgreSQL, Redis, a mail server and a browser."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Mailbox
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.db import connection
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from portal.celery import app as celery_app
from tests.obligations.chasing.servers import FreePortController

# Playwright runs an event loop in this thread; the ORM is nevertheless used synchronously.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = Path("/usr/bin/chromium")
# A loaded machine of two cores is slow to import Django twice.
WORKER_START_SECONDS = 180


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's own Chromium, kept from calling home."""
    return browser_type_launch_args | {
        "executable_path": str(CHROMIUM),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    }


@dataclass(frozen=True)
class Installation:
    """A running portal: where it answers, and the environment its processes share."""

    url: str
    environment: dict[str, str]
    mailbox: Path

    def manage(self, *arguments: str) -> str:
        """Run a management command beside the servers and return what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=django_settings.BASE_DIR, check=True, capture_output=True, text=True
        )
        return done.stdout


@pytest.fixture
def installation(live_server: LiveServer, settings: LazySettings, tmp_path: Path) -> Iterator[Installation]:
    """Start a worker and a mail server beside the web server of the test."""
    database = connection.settings_dict
    # A queue of its own: other tests on the same Redis must not feed this worker.
    queue = f"e2e-{database['NAME']}"
    shared_queue = celery_app.conf.task_default_queue
    celery_app.conf.task_default_queue = queue
    (tmp_path / "letters").mkdir(exist_ok=True)
    mail_server = FreePortController(Mailbox(tmp_path / "letters" / "box"), hostname="127.0.0.1", port=0)
    mail_server.start()
    environment = os.environ | {
        "DATABASE_URL": (
            f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
            f"/{database['NAME']}"
        ),
        "REDIS_URL": str(settings.REDIS_URL),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PORTAL_URL": live_server.url,
        # The worker says «ready» at this level.
        "LOG_LEVEL": "INFO",
    }
    worker_log = tmp_path / "worker.log"
    with worker_log.open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "portal", "worker", "-Q", queue, "-c", "1", "-l", "INFO"],
            env=environment,
            cwd=django_settings.BASE_DIR,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until(lambda: "ready." in worker_log.read_text(), worker_log)
        yield Installation(live_server.url, environment, tmp_path / "letters" / "box")
    finally:
        celery_app.conf.task_default_queue = shared_queue
        worker.terminate()
        worker.wait(timeout=30)
        mail_server.stop()


def _wait_until(happened: Callable[[], bool], log: Path) -> None:
    """Wait for a process to say that it is ready; fail with its log."""
    until = time.monotonic() + WORKER_START_SECONDS
    while not happened():
        if time.monotonic() > until:
            pytest.fail(f"The worker did not start:\n{log.read_text()}")
        time.sleep(0.1)


@pytest.fixture
def enter(browser: Browser, installation: Installation) -> Iterator[Callable[[str], Page]]:
    """Open a browser window of their own for a person and sign them in with real clicks."""
    contexts = []

    def _enter(email: str) -> Page:
        context = browser.new_context(locale="ru-RU", timezone_id="Europe/Moscow", accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(installation.url)
        page.get_by_label("Электронная почта").fill(email)
        page.get_by_label("Пароль").fill("profminimum-2023")
        page.get_by_role("button", name="Войти").click()
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield _enter
    for context in contexts:
        context.close()
