"""The collector is left out for the while of an import, and comes back however that ends."""

import gc

import pytest

from schools.imports.collecting import uncollected


def test_the_collector_is_back_after_the_outermost_block() -> None:
    assert gc.isenabled()
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_is_back_after_an_error() -> None:
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()
