"""When something was done, as people in Thailand read it; the record keeps it in UTC."""

from datetime import datetime

from ui.render import day
from vectorstore.usage import THAILAND


def day_of(moment: str) -> str:
    """The day of a moment (UTC, ISO 8601) in Thai: 2023-01-29T18:00:00Z -> 30 ม.ค. 2566; '' of none."""
    return day(iso_day(moment)) if moment else ""


def time_of(moment: str | None) -> str:
    """The day and the minute of a moment (UTC, ISO 8601) in Thai; '' of none."""
    return f"{day_of(moment)} {_here(moment):%H:%M} น." if moment else ""


def iso_day(moment: str) -> str:
    """The day of a moment (UTC, ISO 8601), ISO."""
    return _here(moment).date().isoformat()


def _here(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(THAILAND)
