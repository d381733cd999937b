"""A disk that is full, for real: a small file system of its own in memory."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """`folder`, made, as a disk of so many bytes; a test is skipped where nobody may mount one."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        pytest.skip("no mount on this machine")
    if done.returncode:
        pytest.skip(f"a disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def filled(folder: Path, but: int = 0) -> Path:
    """A file that takes all the disk's room but so many bytes; to unlink it makes room again."""
    full = folder / "full"
    with full.open("wb", 0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)) == 4096:
            pass
    if but:
        with full.open("rb+") as file:
            file.truncate(max(0, full.stat().st_size - but))
    return full
