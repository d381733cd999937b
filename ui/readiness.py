"""Whether the archive can answer: the record is read and written, the index asked, the disk looked at, every few seconds."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ui.clock import time_of
from ui.compose import House
from vectorstore.errors import StoreError

_FRESH_S = 5.0
"""For how long what was found is told again, in seconds."""
_ASKED = "ประชุม"
_AHEAD = timedelta(hours=1)
"""How far a machine's clock may be behind the last document's time: one archive may have been on two machines."""
Check = Callable[[], str | None]
"""What is wrong with a part, as a sentence; None where nothing is."""


class Readiness:
    """The tests of one archive, and of what else is added to them."""

    def __init__(self, house: House, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Tests `house`; nothing is tested yet."""
        self._house, self._now = house, now
        self._turn = threading.Lock()
        self._found: tuple[float, dict[str, str]] = 0.0, {}
        self._needed: dict[str, Check] = {"record": self._record, "index": self._index, "disk": self._disk}
        self._beside: dict[str, Check] = {"indexes": self._indexes, "clock": self._clock}

    def watch(self, name: str, check: Check) -> None:
        """Tells what `check` says, too: of a part without which questions are still answered."""
        self._beside[name] = check

    def reasons(self) -> dict[str, str]:
        """Why the archive cannot be relied on, by the part that fails; nothing where it can."""
        with self._turn:
            at, found = self._found
            if not at or time.monotonic() - at > _FRESH_S:
                found = _failing(self._needed)
                self._found = time.monotonic(), found
            return found

    def degraded(self) -> dict[str, str]:
        """What else is wrong, by part, while questions are answered all the same."""
        return _failing(self._beside)

    def _record(self) -> str | None:
        store = self._house.store
        store.is_empty()
        store.check_writable()
        return store.damage

    def _index(self) -> str | None:
        store = self._house.store
        if store.status().passages and not store.search(_ASKED, k=1):
            return "ค้นในคลังไม่พบสิ่งใดเลยทั้งที่มีเอกสาร สร้างดัชนีใหม่ด้วย thamkhlang rebuild หรือที่หน้าดูแล"
        return None

    def _indexes(self) -> str | None:
        store = self._house.store
        problem, done = store.status().problem, store.behind.done
        if problem and done is not None:
            return f"กำลังสร้างดัชนีใหม่ ได้ {done:,} จาก {store.status().passages:,} ช่วงข้อความ ({problem})"
        return problem

    def _clock(self) -> str | None:
        """Keys and log-ins end, and messages of LINE are late, by the machine's clock."""
        last = self._house.store.listing.last_added()
        if not last or self._now() > datetime.fromisoformat(last) - _AHEAD:
            return None
        told = f"นาฬิกาของเครื่องบอกว่าเป็น {time_of(self._now().isoformat())} แต่เอกสารล่าสุดเพิ่มเมื่อ {time_of(last)}"
        return f"{told} ตั้งเวลาของเครื่องให้ถูก เพราะอายุของกุญแจ การเข้าสู่ระบบ และข้อความ LINE นับจากนาฬิกานี้"

    def _disk(self) -> str | None:
        return self._house.store.room.short()


def _failing(checks: dict[str, Check]) -> dict[str, str]:
    found = {}
    for name, check in checks.items():
        try:
            wrong = check()
        except (StoreError, OSError) as error:
            wrong = str(error)
        if wrong:
            found[name] = wrong
    return found
