"""Tries the indexes of an archive that is served, again and again, so that what fails is mended before anybody meets it."""

import threading

from vectorstore.errors import StoreError
from vectorstore.store import Store

_SOON_S = 60.0
"""How long after indexes could not be built anew they are tried again, in seconds: the disk may have room by then."""


class Vigil:
    """A thread that examines a store every so often, while a `with` block lasts."""

    def __init__(self, store: Store, every_s: float) -> None:
        """Every `every_s` seconds; never where that is 0."""
        self._store, self._every_s = store, every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vigil", daemon=True)

    def __enter__(self) -> "Vigil":
        if self._every_s:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._every_s:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._wait_s()):
            try:
                self._store.examine()
            except StoreError as error:  # the record cannot be read: the next time it may be
                self._store.damage = str(error)

    def _wait_s(self) -> float:
        return min(self._every_s, _SOON_S) if self._store.damage or self._store.status().problem else self._every_s
