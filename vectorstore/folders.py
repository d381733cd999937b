"""The folders `index/<n>/` of an archive's indexes: which was built from what the record has now, and which may go."""

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_NOTE = "manifest.json"
_TRIES, _PAUSE_S = 40, 0.05
"""How often a folder is deleted into which Chroma's threads may still be writing, and the seconds between."""


class Folders:
    """Folders of one archive. One is whole that has a manifest, which says from what it was built."""

    def __init__(self, home: Path, manifest: Callable[[], dict[str, object]]) -> None:
        """`manifest` is what that of a folder has to say for it to fit; nothing is read yet."""
        self._home, self._manifest = home, manifest

    def fitting(self) -> Path | None:
        """The newest that was built from what the archive has now."""
        folders = [path.parent for path in self._home.glob(f"*/{_NOTE}") if path.parent.name.isdigit()]
        for folder in sorted(folders, key=lambda path: int(path.name), reverse=True):
            with contextlib.suppress(OSError, ValueError):  # it cannot be read, and so does not fit
                if json.loads((folder / _NOTE).read_text(encoding="utf-8")) == self._manifest():
                    return folder
        return None

    def free(self) -> int:
        """Bytes that are free on their disk."""
        return shutil.disk_usage(self._home if self._home.exists() else self._home.parent).free

    def new(self, number: int) -> Path:
        """An empty folder of this number, which is not whole yet."""
        folder = self._home / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def finish(self, folder: Path) -> None:
        """Writes down that the folder is whole."""
        temporary = folder / "manifest.tmp"
        temporary.write_text(json.dumps(self._manifest(), indent=1), encoding="utf-8")
        temporary.rename(folder / _NOTE)

    def delete(self, folder: Path) -> bool:
        """Deletes a folder, or a file that somebody has put there; whether nothing is left of it."""
        for _ in range(_TRIES):
            if folder.is_file() or folder.is_symlink():
                with contextlib.suppress(OSError):
                    folder.unlink()
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                return True
            time.sleep(_PAUSE_S)
        return False

    def keep_only(self, folder: Path) -> bool:
        """Deletes all others; whether nothing is left of them."""
        left = [other for other in self._home.iterdir() if other != folder and not self.delete(other)]
        return not left

    def clear(self) -> None:
        """Deletes what a process that was killed had begun: it takes room, and is never opened."""
        for folder in self._unfinished():
            shutil.rmtree(folder, ignore_errors=True)

    def disown(self) -> None:
        """Takes the manifests away: what stands is then never taken for what the record has."""
        for manifest in self._home.glob(f"*/{_NOTE}"):
            manifest.unlink()

    def _unfinished(self) -> Iterator[Path]:
        return (folder for folder in self._home.glob("*/") if not (folder / _NOTE).exists())
