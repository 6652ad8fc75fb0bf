"""Databases of the bench, side by side on one PostgreSQL; the portal's ``connection`` is pointed at one of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Parameters = Sequence[Any] | Mapping[str, Any]

EMPTY = "bench_empty"
_opened: dict[str, BaseDatabaseWrapper] = {}
_server = connections["default"]


def use(name: str) -> None:
    """Let every query from now on go to the database ``name``; its connection stays open for the next time."""
    if name not in _opened:
        wrapper = connections.create_connection("default")
        wrapper.settings_dict = {**wrapper.settings_dict, "NAME": name}
        _opened[name] = wrapper
    connections["default"] = _opened[name]


def create(name: str) -> None:
    """Make a database with the portal's empty tables and use it."""
    if EMPTY not in _opened:
        _on_server(f"CREATE DATABASE {EMPTY}")
        use(EMPTY)
        call_command("migrate", verbosity=0)
        connection.close()
    _on_server(f"CREATE DATABASE {name} TEMPLATE {EMPTY}")
    use(name)


def drop(name: str) -> None:
    """Give the room of a database back."""
    _opened.pop(name).close()
    _on_server(f"DROP DATABASE {name}")


def execute(statement: str, parameters: Parameters = ()) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return int(cursor.rowcount)


def fetch(statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
    """Run one query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return list(cursor.fetchall())


def settle() -> None:
    """Bring the tables in the state that autovacuum would leave: statistics, visibility, pages on disk."""
    execute("VACUUM (ANALYZE)")
    execute("CHECKPOINT")


def _on_server(statement: str) -> None:
    """Speak to the server beside its databases."""
    connections["default"] = _server
    execute(statement)
