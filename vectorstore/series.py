"""The backups of one archive that are made by the clock: how they are named in their folder, and which of them stay."""

import re
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vectorstore import parcel
from vectorstore.parcel import PLAIN, SEALED

_FORM = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """A backup of a series: when it was made (UTC), its file and its bytes."""

    at: datetime
    file: Path
    size: int


class Series:
    """The backups of one archive in a folder. Others' files in it are not touched, nor another archive's backups."""

    def __init__(self, folder: Path, archive: str) -> None:
        """The series in `folder` of the archive that is known by `archive`, some letters and digits."""
        self.folder = folder
        self._begins = f"thamkhlang-{archive}-"
        ends = "|".join(map(re.escape, (PLAIN, SEALED)))
        self._named = re.compile(f"{re.escape(self._begins)}([0-9]{{8}}T[0-9]{{6}}Z)(?:{ends})")

    def next(self, at: datetime, *, is_sealed: bool) -> Path:
        """The file of a backup that is made at this time."""
        return self.folder / f"{self._begins}{at.astimezone(UTC):{_FORM}}{SEALED if is_sealed else PLAIN}"

    def all(self) -> list[Made]:
        """Those that are there, the latest first.

        Raises:
            OSError: the folder cannot be read.
        """
        found = []
        for file in self.folder.iterdir():
            with suppress(OSError):  # one that cannot be read is no reason to make more, or to keep them all
                if (at := self._time(file.name)) and file.is_file() and not file.is_symlink() and parcel.seems_one(file):
                    found.append(Made(at, file, file.stat().st_size))
        return sorted(found, reverse=True)

    def _time(self, name: str) -> datetime | None:
        named = self._named.fullmatch(name)
        try:
            return datetime.strptime(named[1], _FORM).replace(tzinfo=UTC) if named else None
        except ValueError:  # no day of any calendar
            return None

    def thin(self, daily: int, weekly: int) -> list[Path]:
        """Deletes all but the latest, the last of each of the latest `daily` days, and of each of the latest `weekly` weeks.

        A day or week (of UTC, from Monday) without a backup does not count: where none are made any more, none go.

        Returns:
            What was deleted.

        Raises:
            OSError: one cannot be.
        """
        made = self.all()
        stay = {one.file for one in made[:1]} | _last(made, daily, "%Y-%m-%d") | _last(made, weekly, "%G-%V")
        gone = [one.file for one in made if one.file not in stay]
        for file in gone:
            file.unlink()
        return gone


def _last(made: list[Made], most: int, span: str) -> set[Path]:
    """The last of each of the latest `most` spans of time in which there is one; the latest come first."""
    found: dict[Hashable, Path] = {}
    for one in made:
        found.setdefault(f"{one.at:{span}}", one.file)
    return set(list(found.values())[:most])
