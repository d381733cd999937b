"""What people said of the answers they got, in the record: one rating for each kept turn, gone with its conversation."""

from dataclasses import dataclass

from vectorstore.conversations import Rows, Transaction, check_name
from vectorstore.errors import UnknownTurn
from vectorstore.privacy import masked

TABLES = """
CREATE TABLE feedback (
  turn INTEGER PRIMARY KEY REFERENCES turns (key), fits INTEGER NOT NULL, reason TEXT NOT NULL,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""
MOST_CHARACTERS = 1000
"""How much of a reason is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Whether the reply of a kept turn fits what was asked, and why not, in words of whoever asked.

    `n` is the turn's number in its conversation, from 1; `asked` its question; `at` the time (UTC, ISO 8601).
    """

    n: int
    asked: str
    right: bool
    reason: str
    at: str


class Feedback:
    """The ratings of one archive; each change is one transaction of its record."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Ratings over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def rate(self, conversation: str, n: int, *, right: bool, reason: str = "") -> None:
        """Keeps what is said of the `n`-th turn of a conversation, in place of what was said of it before.

        Personal data in `reason` is masked, whatever the archive shows; what is beyond `MOST_CHARACTERS` is left out.

        Raises:
            MisnamedConversation: see `Conversations.add`.
            UnknownTurn: there is no such turn.
        """
        check_name(conversation)
        own = "SELECT t.key FROM turns t JOIN conversations c ON c.key = t.conversation WHERE c.id = ? AND t.n = ?"
        said = masked(" ".join(reason.split()))[:MOST_CHARACTERS]
        with self._transaction() as db:
            turn = db.execute(own, (conversation, n)).fetchone()
            if not turn:
                raise UnknownTurn("ไม่มีคำตอบนี้ในคลัง บทสนทนาอาจถูกลบไปแล้ว จึงบันทึกความเห็นไม่ได้")
            again = "ON CONFLICT (turn) DO UPDATE SET fits = excluded.fits, reason = excluded.reason, at = excluded.at"
            row = (turn[0], int(right), said)
            db.execute(f"INSERT INTO feedback (turn, fits, reason) VALUES (?, ?, ?) {again}", row)

    def of(self, conversation: str) -> dict[int, Rating]:
        """What was said of the turns of one conversation, by their number; nothing where there is none of this name."""
        return {one.n: one for one in self._found("WHERE c.id = ?", conversation)}

    def latest(self, most: int = 100, *, right: bool | None = None) -> list[Rating]:
        """The last `most` ratings of all conversations, the newest first; of one sort only where `right` is given."""
        which = "" if right is None else f"WHERE f.fits = {int(right)}"
        return self._found(f"{which} ORDER BY f.at DESC, f.turn DESC LIMIT ?", most)

    def _found(self, where: str, *values: object) -> list[Rating]:
        query = (
            "SELECT t.n, t.asked, f.fits, f.reason, f.at FROM feedback f JOIN turns t ON t.key = f.turn "
            f"JOIN conversations c ON c.key = t.conversation {where}"
        )
        return [
            Rating(n=n, asked=masked(asked), right=bool(fits), reason=reason, at=at)
            for n, asked, fits, reason, at in self._rows(query, values)
        ]
