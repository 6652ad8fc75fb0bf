"""Long lists without the garbage collector looking over them again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the collector of reference cycles out for the while.

    Some ten thousand rows make it walk over every object of the whole portal, a tenth of an import's time, and the
    rows hold no cycles: they go by their reference counts as ever. Inside another such block it does nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
