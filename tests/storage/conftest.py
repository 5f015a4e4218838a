"""What the tests of stores share: one store a test, of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.storage.store import Store
from tests.storage.stores import STORES, Open, released


class Stores:
    """Stores on one folder: opened, closed and opened again."""

    def __init__(self, open: Open, folder: Path) -> None:
        self.open_in = open
        self.folder = folder
        self.opened: list[Store] = []

    def open(self) -> Store:
        """One more on the same folder."""
        store = self.open_in(self.folder)
        self.opened.append(store)
        return store

    def close(self) -> None:
        """Close all that are open."""
        for store in self.opened:
            store.close()
        self.opened.clear()

    def again(self) -> Store:
        """Close, and open what was kept."""
        self.close()
        return self.open()

    def now_and_again(self) -> Iterator[Store]:
        """The store that is open, and then what was kept."""
        yield self.opened[-1]
        yield self.again()


@pytest.fixture(params=STORES, ids=lambda open: open.__name__)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Each kind of store, in a folder of its own."""
    made = Stores(request.param, tmp_path)
    yield made
    made.close()
    released(tmp_path)


@pytest.fixture
def store(stores: Stores) -> Store:
    """An open store of each kind."""
    return stores.open()
