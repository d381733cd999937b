"""Conversations that are kept in the record: each turn's question, its reply as JSON, and which documents it quotes.

A reply is the object that the API gives; of it this file knows `answer`, `citations`, `query.text` and `refusal.nearest`.
A document that is removed takes its words out of every kept turn in the same transaction: the turn stays, with a
citation that says so.
"""

import json
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from vectorstore import replays
from vectorstore.errors import ConversationFull, MisnamedConversation, UnknownConversation
from vectorstore.privacy import is_masked, masked, masked_name
from vectorstore.summaries import Summary, summaries
from vectorstore.types import Document

TABLES = """
CREATE TABLE conversations (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  begun_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')));
CREATE TABLE turns (
  key INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversations (key), n INTEGER NOT NULL,
  asked TEXT NOT NULL, text TEXT NOT NULL, reply TEXT NOT NULL,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), UNIQUE (conversation, n));
CREATE TABLE turn_documents (document TEXT NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (document, turn)) WITHOUT ROWID;
CREATE INDEX turn_documents_turn ON turn_documents (turn)
"""
OWNER = """
ALTER TABLE conversations ADD COLUMN owner TEXT NOT NULL DEFAULT ''
"""
"""The account or the key whose conversation it is; '' of somebody who has neither."""
REFUSED = "CREATE INDEX turns_refused ON turns (key) WHERE json_extract(reply, '$.refusal') IS NOT NULL"
"""So that the questions without an answer are found among many."""
ID = "[A-Za-z0-9._:-]{8,128}"
"""A conversation's name, as a pattern of `re`."""
MOST_TURNS = 500
"""How many turns one conversation keeps."""
_MOST_LISTED = 1000
"""How many of one owner are listed and looked through."""
REMOVED = "(เอกสารต้นทางถูกนำออกจากคลังแล้ว)"
"""What stands in a kept answer in place of the words of a document that was removed."""
_NOT_SAID = frozenset({"document_id", "link", "url", "quote", "date", "at"})
"""Fields of a reply that are no words of anybody's; a quote is masked as its document is."""
_SHARED = 12
"""So many characters of a question in one piece are the document's and not the person's, where the person did not type them."""

Transaction = Callable[[], AbstractContextManager[Any]]
Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]
Reply = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTurn:
    """A question that was asked in a conversation, and what was replied.

    `n` counts from 1; `asked` is what was typed, `text` the same as it stands alone, `reply` the API's object, `at` the time
    (UTC, ISO 8601). A citation whose words are no longer there has an empty `quote` and `removed` true.
    """

    n: int
    asked: str
    text: str
    reply: Reply
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A kept question that was refused: as it stands alone, why, when (UTC, ISO 8601), and the ids of the nearest documents."""

    question: str
    reason: str
    at: str
    nearest: tuple[str, ...] = ()


def fresh_id() -> str:
    """A name for a conversation that nobody can guess: 32 characters."""
    return secrets.token_urlsafe(24)


class Conversations:
    """The conversations of one archive; each change is one transaction of its record."""

    def __init__(
        self,
        transaction: Transaction,
        rows: Rows,
        document: Callable[[str], Document | None],
        *,
        hides: bool = False,
        owner: str | None = None,
    ) -> None:
        """Conversations over a record's ways to write, to read, and to open a document of any version by its id.

        Where it `hides`, the personal data in turns that were kept as they were is masked as they are read. With an `owner`
        the others' conversations cannot be read, continued or erased; None: those of all, and new ones are nobody's.
        """
        self._transaction = transaction
        self._rows = rows
        self._document = document
        self._hides = hides
        self._owner = owner

    def begin(self) -> str:
        """The name of a new conversation without turns."""
        name = fresh_id()
        with self._transaction() as db:
            db.execute("INSERT INTO conversations (id, owner) VALUES (?, ?)", (name, self._owner or ""))
        return name

    def add(
        self, name: str, *, asked: str, text: str, reply: Reply, beside: Callable[[Any, int], object] = lambda *_: None
    ) -> KeptTurn:
        """Keeps a turn of the conversation `name`, which begins with it where there is none; on return it is on the disk.

        `beside` is called with the database and the turn's key within the same transaction.

        Raises:
            MisnamedConversation: `name` is not 8 to 128 characters of A-Z a-z 0-9 . _ : -
            UnknownConversation: it is somebody else's.
            ConversationFull: it has `MOST_TURNS` already.
        """
        check_name(name)
        with self._transaction() as db:
            db.execute("INSERT INTO conversations (id, owner) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, self._owner or ""))
            self._own(name)
            (key,) = db.execute("SELECT key FROM conversations WHERE id = ?", (name,)).fetchone()
            (last,) = db.execute("SELECT coalesce(max(n), 0) FROM turns WHERE conversation = ?", (key,)).fetchone()
            _check_room(last)
            reply = self._checked(reply, {})  # a document may have gone while the answer was made
            row = (key, last + 1, asked, text, json.dumps(reply, ensure_ascii=False))
            turn, at = db.execute(
                "INSERT INTO turns (conversation, n, asked, text, reply) VALUES (?, ?, ?, ?, ?) RETURNING key, at", row
            ).fetchone()
            db.executemany("INSERT INTO turn_documents VALUES (?, ?)", [(one, turn) for one in _documents(reply)])
            beside(db, turn)
        return KeptTurn(n=last + 1, asked=asked, text=text, reply=reply, at=at)

    def latest(self, name: str, most: int) -> list[KeptTurn]:
        """The last `most` turns, the oldest first; none where there is no such conversation yet.

        Raises:
            MisnamedConversation, UnknownConversation: see `add`.
            ConversationFull: no further turn can be kept.
        """
        check_name(name)
        self._own(name)
        rows = self._turns(name, most)
        _check_room(rows[0][0] if rows else 0)
        return self._read(reversed(rows))

    def turns(self, name: str) -> list[KeptTurn]:
        """All turns, the oldest first.

        Raises:
            UnknownConversation: there is none of this name.
        """
        self.check(name)
        return self._read(reversed(self._turns(name, MOST_TURNS)))

    def summaries(self, names: Collection[str], text: str = "") -> list[Summary]:
        """Those of `names` that have a turn, the last answered first; only those that have every word of `text`.

        Of an owner all are theirs, whatever `names` says.
        """
        if self._owner:
            names = [
                name
                for (name,) in self._rows(
                    "SELECT id FROM conversations WHERE owner = ? ORDER BY key DESC LIMIT ?", (self._owner, _MOST_LISTED)
                )
            ]
        return summaries(self._rows, names, text, self._owner)

    def unanswered(self, most: int) -> list[Unanswered]:
        """The last `most` questions that were refused, the latest first, with the personal data in them masked."""
        query = (
            "SELECT text, json_extract(reply, '$.refusal.reason'), at, json_extract(reply, '$.refusal.nearest') FROM turns "
            "WHERE json_extract(reply, '$.refusal') IS NOT NULL ORDER BY key DESC LIMIT ?"
        )
        return [
            Unanswered(
                question=masked(text), reason=reason, at=at, nearest=tuple(one["document_id"] for one in json.loads(nearest))
            )
            for text, reason, at, nearest in self._rows(query, (most,))
        ]

    def erase(self, name: str) -> None:
        """Deletes a conversation, all that was said in it and what was said of its answers.

        Raises:
            UnknownConversation: there is none of this name.
        """
        self.check(name)
        own = "SELECT key FROM turns WHERE conversation = (SELECT key FROM conversations WHERE id = ?)"
        with self._transaction() as db:
            for beside in ("turn_documents", "feedback", "said"):
                db.execute(f"DELETE FROM {beside} WHERE turn IN ({own})", (name,))
            db.execute(f"DELETE FROM turns WHERE key IN ({own})", (name,))
            db.execute("DELETE FROM conversations WHERE id = ?", (name,))
            replays.forget(db, [name])

    def check(self, name: str) -> None:
        """Raises MisnamedConversation, UnknownConversation: see `turns`."""
        check_name(name)
        if not self._rows("SELECT 1 FROM conversations WHERE id = ?", (name,)):
            raise _unknown(name)
        self._own(name)

    def _own(self, name: str) -> None:
        others = "SELECT 1 FROM conversations WHERE id = ? AND owner != ?"
        if self._owner is not None and self._rows(others, (name, self._owner)):
            raise _unknown(name)

    def _turns(self, name: str, most: int) -> list[tuple[Any, ...]]:
        """Rows of the last turns, the latest first."""
        query = (
            "SELECT t.n, t.asked, t.text, t.reply, t.at FROM turns t JOIN conversations c ON c.key = t.conversation "
            "WHERE c.id = ? ORDER BY t.n DESC LIMIT ?"
        )
        return self._rows(query, (name, most))

    def _read(self, rows: Iterator[tuple[Any, ...]]) -> list[KeptTurn]:
        """Turns whose every quote was looked up again; what does not stand where it did is shown as removed."""
        opened: dict[str, str] = {}
        turns: list[KeptTurn] = []
        gone: list[str] = []
        for n, asked, text, kept, at in rows:
            reply = json.loads(kept)
            if self._hides:
                asked, text, reply = masked(asked), masked(text), self._hidden(reply, opened)
            shown = self._checked(reply, opened)
            pairs = zip(reply["citations"], shown["citations"], strict=True)
            gone += [one["quote"] for one, now in pairs if one["quote"] and not now["quote"]]
            typed = "\n".join([*(turn.asked for turn in turns), asked])
            if text != asked and any(_share(text, quote, typed) for quote in gone):
                text, shown = asked, _as_typed(shown, asked)
            turns.append(KeptTurn(n=n, asked=asked, text=text, reply=shown, at=at))
        return turns

    def hide_rows(self, db: Any) -> None:
        """Masks the personal data in every kept turn for good, within the transaction that masks the documents."""
        opened: dict[str, str] = {}
        for key, asked, text, kept in db.execute("SELECT key, asked, text, reply FROM turns").fetchall():
            reply = json.dumps(self._hidden(json.loads(kept), opened), ensure_ascii=False)
            if (row := (masked(asked), masked(text), reply)) != (asked, text, kept):
                db.execute("UPDATE turns SET asked = ?, text = ?, reply = ? WHERE key = ?", (*row, key))

    def _hidden(self, reply: Reply, opened: dict[str, str]) -> Reply:
        """The reply as it would have been over documents that were masked already."""
        answer, citations = reply["answer"], []
        for cited in reply["citations"]:
            shown = self._text(cited["document_id"], opened)[cited["start"] : cited["end"]]
            if cited["quote"] and is_masked(shown, cited["quote"]):
                answer = answer.replace(cited["quote"], shown)
                cited = cited | {"quote": shown}
            citations.append(cited)
        return dict(_spoken({**reply, "answer": answer, "citations": citations}))

    def _checked(self, reply: Reply, opened: dict[str, str]) -> Reply:
        """The reply without the words that do not stand where it cites them; `opened` are texts by document id."""
        shown = _without(reply, {one["n"] for one in reply["citations"] if not self._stands(one, opened)})
        return _near(shown, lambda name: bool(self._text(name, opened)))

    def _stands(self, cited: Reply, opened: dict[str, str]) -> bool:
        shown = self._text(cited["document_id"], opened)[cited["start"] : cited["end"]]
        return bool(cited["quote"]) and shown == cited["quote"]

    def _text(self, name: str, opened: dict[str, str]) -> str:
        if name not in opened:
            document = self._document(name)
            opened[name] = document.text if document else ""
        return opened[name]


def _spoken(fields: Reply) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if name == "source" and isinstance(value, str):
            yield name, masked_name(value)
        else:
            yield name, value if name in _NOT_SAID else _said(value)


def _said(value: Any) -> Any:
    """What a reply says, with the personal data in it masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_said(one) for one in value]
    return dict(_spoken(value)) if isinstance(value, dict) else value


def forget(db: Any, documents: Collection[str]) -> int:
    """Takes the words of the documents with these ids out of every kept turn, within the transaction that removes them.

    Returns:
        How many turns had any.
    """
    marks = ", ".join("?" * len(documents))
    rows = db.execute(
        f"SELECT DISTINCT t.key, t.conversation, t.reply FROM turns t JOIN turn_documents d ON d.turn = t.key "
        f"WHERE d.document IN ({marks}) ORDER BY t.key",
        list(documents),
    ).fetchall()
    for key, conversation, reply in rows:
        fields = json.loads(reply)
        quotes = [one["quote"] for one in fields["citations"] if one["document_id"] in documents]
        gone = {one["n"] for one in fields["citations"] if one["document_id"] in documents}
        kept = _near(_without(fields, gone), lambda name: name not in documents)
        db.execute("UPDATE turns SET reply = ? WHERE key = ?", (json.dumps(kept, ensure_ascii=False), key))
        forget_later(db, conversation, key, quotes)
    db.execute(f"DELETE FROM turn_documents WHERE document IN ({marks})", list(documents))
    return len(rows)


def forget_later(db: Any, conversation: int, key: int, quotes: Sequence[str]) -> None:
    """A question (ข้อ 2 ล่ะ) may have been made to stand alone with words of the quotes: then it is as typed again."""
    rows = db.execute("SELECT key, asked, text, reply FROM turns WHERE conversation = ? ORDER BY n", (conversation,)).fetchall()
    typed = "\n".join(asked for _, asked, _, _ in rows)
    for turn, asked, text, reply in rows:
        if turn >= key and text != asked and any(_share(text, quote, typed) for quote in quotes):
            fields = _as_typed(json.loads(reply), asked)
            db.execute("UPDATE turns SET text = asked, reply = ? WHERE key = ?", (json.dumps(fields, ensure_ascii=False), turn))


def _near(reply: Reply, stays: Callable[[str], bool]) -> Reply:
    """The reply with only those documents beside its citations, and near to what was asked, whose id `stays`."""
    citations = [
        one | {"others": [other for other in one["others"] if stays(other["document_id"])]} if one.get("others") else one
        for one in reply["citations"]
    ]
    refusal = reply["refusal"]
    if refusal and refusal["nearest"]:
        refusal = refusal | {"nearest": [one for one in refusal["nearest"] if stays(one["document_id"])]}
    return {**reply, "citations": citations, "refusal": refusal}


def _as_typed(reply: Reply, asked: str) -> Reply:
    query = reply["query"]
    return {**reply, "query": {**query, "text": asked, "understood": _nothing(query["understood"])}}


def _nothing(understood: Reply) -> Reply:
    return {name: [] if isinstance(value, list) and name != "kinds" else value for name, value in understood.items()}


def _share(text: str, quote: str, typed: str) -> bool:
    """Whether a piece of `text` that was not typed stands in `quote`, or the whole of a shorter quote in `text`."""
    size = min(_SHARED, len(quote))
    quote = " ".join(quote.split())
    pieces = (text[start : start + size] for start in range(len(text) - size + 1)) if size else iter(())
    return any(piece in quote and piece not in typed for piece in pieces)


def _without(reply: Reply, gone: Collection[int]) -> Reply:
    """The reply without the words of the citations numbered `gone`."""
    if not gone:
        return reply
    answer, citations = reply["answer"], []
    for cited in reply["citations"]:
        if cited["n"] in gone:
            answer = answer.replace(cited["quote"], REMOVED) if cited["quote"] else answer
            cited = cited | {"source": "", "title": "", "date": None, "page": None, "section": [], "quote": "", "url": None}
            cited |= {"start": 0, "end": 0, "others": [], "status": None, "removed": True}
        citations.append(cited)
    lines = [_line(line, gone) for line in answer.split("\n")]
    return {**reply, "answer": "\n".join(lines), "citations": citations}


def _line(line: str, gone: Collection[int]) -> str:
    """A line that a language model worded after such a citation goes whole."""
    markers = [f"[{n}]" for n in sorted(gone) if f"[{n}]" in line]
    return f"{REMOVED} {''.join(markers)}" if markers and REMOVED not in line else line


def _documents(reply: Reply) -> set[str]:
    near = reply["refusal"]["nearest"] if reply["refusal"] else []
    others = [other for one in reply["citations"] for other in one.get("others", [])]
    return {one["document_id"] for one in [*reply["citations"], *others, *near]}


def _unknown(name: str) -> UnknownConversation:
    return UnknownConversation(f"ไม่มีบทสนทนา {name!r} ในคลัง อาจถูกลบไปแล้ว เริ่มบทสนทนาใหม่ได้ทันที")


def check_name(name: str) -> None:
    """Raises MisnamedConversation: see `Conversations.add`."""
    if not re.fullmatch(ID, name):
        raise MisnamedConversation(f"ชื่อบทสนทนา {name[:140]!r} ใช้ไม่ได้ ต้องเป็น A-Z a-z 0-9 . _ : - ยาว 8 ถึง 128 ตัวอักษร")


def _check_room(turns: int) -> None:
    if turns >= MOST_TURNS:
        raise ConversationFull(f"บทสนทนานี้มีครบ {MOST_TURNS} คำถามแล้ว เริ่มบทสนทนาใหม่เพื่อถามต่อ")
