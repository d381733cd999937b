"""Tries the indexes of an archive that is served, again and again, so that what fails is mended before anybody meets it."""

import logging
import threading
from contextlib import suppress

from vectorstore.errors import StoreError
from vectorstore.store import Store

_log = logging.getLogger("thamkhlang.vigil")
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
            except Exception:  # noqa: BLE001 - the next time is another
                _log.exception("the archive was not examined")

    def _wait_s(self) -> float:
        with suppress(StoreError):
            if not self._store.damage and not self._store.status().problem:
                return self._every_s
        return min(self._every_s, _SOON_S)
