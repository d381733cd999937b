"""Backups that are made by the clock while the archive is served: one after another, checked, and thinned out.

When the last one was made is told by the files themselves, so that nothing is forgotten when the program is started anew.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ui import metrics
from ui.clock import time_of
from ui.compose import House
from ui.keeping import VERSION
from ui.readiness import Readiness
from ui.settings import without_secrets
from vectorstore import backup
from vectorstore.errors import StoreError
from vectorstore.sealing import Seal
from vectorstore.series import Made, Series

_LOOKS_S = 60.0
"""How often it is looked whether a backup is due, at most, in seconds: also the machine's clock may be set."""
_AGAIN_S = 600.0
"""How long after a failure it is tried again, in seconds, where the next one is not due before."""
_log = logging.getLogger("thamkhlang.backup")


def watched(house: House, seal: Seal | None, readiness: Readiness) -> "Backups | None":
    """The backups that the settings of a house want, told of where its readiness and its figures are; None for none."""
    if not house.settings.backup_folder or not house.settings.backup_hours:
        return None
    made = Backups(house, seal)
    readiness.watch("backup", made.wrong)
    metrics.watch("backup", "Backups by the clock: the latest one's time, how many are kept, how many failed.", made.figures)
    return made


class _Stopped(Exception):
    """The program ends before a backup is whole."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What the latest attempt failed of, told to who looks after the archive, and when (UTC)."""

    why: str
    at: datetime


class Backups:
    """The backups of one house, as its settings want them; `start` has a thread of its own make them."""

    def __init__(self, house: House, seal: Seal | None, clock: Callable[[], float] = time.time) -> None:
        """Makes nothing yet; `seal` encrypts them, `clock` gives seconds since 1970."""
        self._house, self._seal, self._clock = house, seal, clock
        self.every = timedelta(hours=house.settings.backup_hours)
        self.folder = Path(house.settings.backup_folder).expanduser()
        self.failure: Failure | None = None
        self._failures = 0
        self._begun = self._now()
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)

    def start(self) -> None:
        """Begins to look whether one is due."""
        self._thread.start()

    def close(self) -> None:
        """Makes no more; one that is being made is given up, and leaves nothing."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def made(self) -> list[Made]:
        """Those that are there, the latest first; none where the folder cannot be read."""
        try:
            return self._series().all()
        except (OSError, StoreError):
            return []

    def due(self) -> datetime:
        """When the next one is made (UTC); a moment that is over: now."""
        now = self._now()
        last = next((one.at for one in self.made() if one.at <= now), None)  # a clock may have been wrong
        due = last + self.every if last else now
        if self.failure and self.failure.at <= now:
            return max(due, self.failure.at + min(self.every, timedelta(seconds=_AGAIN_S)))
        return due

    def turn(self) -> bool:
        """Makes one where it is due and none is being made; whether one was. What it fails of is `failure` from then on."""
        if not self._turn.acquire(blocking=False):
            return False
        try:
            if self.due() > self._now():
                return False
            self._make()
        except (StoreError, OSError) as error:
            self._fail(error)
            return False
        except _Stopped:
            return False
        else:
            self.failure = None
            return True
        finally:
            self._turn.release()

    def wrong(self) -> str | None:
        """What whoever looks after the archive should know: that it failed, or that there has been none for too long."""
        if self.failure:
            return f"สำรองตามเวลาไม่สำเร็จเมื่อ {time_of(self.failure.at.isoformat())} จะลองใหม่เอง: {self.failure.why}"
        last = max([self._begun, *(one.at for one in self.made()[:1])])
        if self._now() > last + 2 * self.every + timedelta(hours=1):
            return f"ไม่มีไฟล์สำรองใหม่ใน {self.folder} เกินสองรอบแล้ว เปิดโปรแกรมใหม่ แล้วดูที่หน้าดูแล"
        return None

    def figures(self) -> Mapping[str, float]:
        """For metrics: when the latest was made (seconds since 1970, 0: never), how many there are, how many failed."""
        made = self.made()
        last = made[0].at.timestamp() if made else 0.0
        return {"latest_time_seconds": last, "kept": len(made), "failed": self._failures, "failing": bool(self.failure)}

    def _series(self) -> Series:
        return Series(self.folder, self._house.store.chats.hashed("backups")[:8])

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self.turn()
            left = (self.due() - self._now()).total_seconds()
            self._stopped.wait(min(max(left, 0.1), _LOOKS_S))

    def _make(self) -> None:
        settings, series, began = self._house.settings, self._series(), time.monotonic()
        file = series.next(self._now(), is_sealed=self._seal is not None)
        told = without_secrets(settings)
        backup.write(self._house.store, told, VERSION, file, seal=self._seal, go_on=self._go_on)
        gone = series.thin(settings.backup_daily, settings.backup_weekly)
        took = round(time.monotonic() - began, 1)
        fields = {"file": file.name, "bytes": file.stat().st_size, "seconds": took, "deleted": len(gone)}
        _log.info("backup made", extra={"fields": fields})

    def _fail(self, error: Exception) -> None:
        why = f"จัดการไฟล์ใน {self.folder} ไม่ได้ ({error.strerror})" if isinstance(error, OSError) else str(error)
        self.failure = Failure(why, self._now())
        self._failures += 1
        _log.error("backup failed", extra={"fields": {"why": why}})

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise _Stopped
