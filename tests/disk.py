"""A small disk of its own that a test fills and empties."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Disk:
    """A disk mounted at `path`."""

    path: Path

    def fill(self, leave: int = 0) -> None:
        """Takes all room but `leave` bytes."""
        found = os.statvfs(self.path)
        wanted = found.f_bavail * found.f_frsize - leave
        if wanted > 0:
            with (self.path / "filler").open("ab") as file:
                os.posix_fallocate(file.fileno(), file.tell(), wanted)

    def empty(self) -> None:
        """Gives the room back."""
        (self.path / "filler").unlink(missing_ok=True)


@contextlib.contextmanager
def small(path: Path, megabytes: int) -> Iterator[Disk]:
    """A disk in memory at `path`, gone at the end; the test is skipped where nothing may be mounted."""
    path.mkdir()
    try:
        mounting = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", path], capture_output=True, encoding="utf-8"
        )
        refused = mounting.stderr if mounting.returncode else ""
    except FileNotFoundError as error:
        refused = str(error)
    if refused:
        pytest.skip(f"no disk may be mounted here: {refused.strip()}")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)
