"""/healthz: 200 when everything stands, 503 and the name of the part when something does not."""

from pathlib import Path
from typing import Any

from django.conf import LazySettings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse


def checks(client: Client) -> tuple[int, dict[str, str]]:
    """Ask, and return the status and the parts."""
    answer = client.get(reverse("healthz"))
    return answer.status_code, answer.json()["checks"]


def test_all_is_well(client: Client, db: None) -> None:
    status, parts = checks(client)
    assert parts == dict.fromkeys(["database", "migrations", "cache", "broker", "storage"], "ok")
    assert status == 200


def test_it_leaves_no_file_behind(client: Client, db: None, settings: LazySettings) -> None:
    checks(client)
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_a_database_that_does_not_answer(client: Client, db: None) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("the server went away: password=secret")

    with connection.execute_wrapper(refuse):
        answer = client.get(reverse("healthz"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed"
    assert answer.json()["checks"]["cache"] == "ok"
    assert "secret" not in answer.content.decode()


def test_a_migration_waits_to_be_applied(client: Client, db: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="exports").delete()
    status, parts = checks(client)
    assert status == 503
    assert parts["migrations"] == "failed"
    assert parts["database"] == "ok"


def test_a_storage_that_cannot_be_written(client: Client, db: None, settings: LazySettings, tmp_path: Path) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.touch()
    settings.MEDIA_ROOT = in_the_way
    assert checks(client)[1]["storage"] == "failed"


def test_a_cache_that_keeps_nothing(client: Client, db: None, settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert checks(client)[1]["cache"] == "failed"


def test_a_queue_folder_that_is_gone(client: Client, db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "nowhere")}
    assert checks(client)[1]["broker"] == "failed"
