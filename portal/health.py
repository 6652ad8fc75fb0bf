"""Whether the portal and everything it stands on are well."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.celery import app

log = structlog.get_logger(__name__)

BROKER_PATIENCE = 2  # seconds


class Unwell(Exception):
    """A part answers, but not as it should."""


def check_database() -> None:
    """Ask the database for something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    """Compare the tables with the code that is running."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unwell("migrations are waiting to be applied")


def check_cache() -> None:
    """Write a value into the cache and read it back."""
    key = f"health-{uuid4().hex}"
    cache.set(key, "well", timeout=10)
    if cache.get(key) != "well":
        raise Unwell("the cache forgets what it was told")
    cache.delete(key)


def check_broker() -> None:
    """Reach the broker that carries work to the workers."""
    if settings.REDIS_URL:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)
    elif not os.access(Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]), os.W_OK):
        raise Unwell("the queue's folder cannot be written to")


def check_storage() -> None:
    """Keep a small file and take it away again."""
    name = default_storage.save(f"health/{uuid4().hex}.txt", ContentFile(b"well"))
    default_storage.delete(name)


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "cache": check_cache,
    "broker": check_broker,
    "storage": check_storage,
}


def examine() -> dict[str, bool]:
    """Run every check and return which parts are well. What went wrong is told to the log, not to strangers."""
    return {name: _is_well(name, check) for name, check in CHECKS.items()}


def _is_well(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        log.exception("health check failed", check=name)
        return False
    return True
