"""How much memory a process and the workers that it starts take at most."""

import resource
import sys
import threading
from pathlib import Path

_EVERY_S = 0.25


class Peak:
    """Watches this process and its children from a thread, as long as the `with` lasts."""

    def __enter__(self) -> "Peak":
        self._children = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def bytes(self) -> int:
        """The most so far: this process's own peak, and the most that its children had at one moment.

        Pages that a forked child shares with its parent count twice: rather too much than too little.
        """
        return own_peak() + self._children

    def _look(self) -> None:
        while not self._over.wait(_EVERY_S):
            self._children = max(self._children, sum(map(_resident, _descendants("self"))))


def own_peak() -> int:
    """The most bytes of memory that this process has had.

    Linux counts in `ru_maxrss` what the program that started this one had before `exec`; VmHWM starts anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _descendants(process: str) -> list[str]:
    """Process ids; none where the system does not tell."""
    found = []
    try:
        for task in Path("/proc", process, "task").iterdir():
            for child in (task / "children").read_text().split():
                found += [child, *_descendants(child)]
    except OSError:  # it ended while we looked
        pass
    return found


def _resident(process: str) -> int:
    try:
        return int(Path("/proc", process, "statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0
