"""Files that go into storage with a transaction, and out of it when the transaction fails."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import Storage


@contextmanager
def stored_files() -> Iterator[list[tuple[Storage, str]]]:
    """Collect files put into storage, and take them out again when the transaction fails."""
    stored: list[tuple[Storage, str]] = []
    try:
        yield stored
    except BaseException:
        for storage, name in stored:
            storage.delete(name)
        raise
