"""The archive: the record and the indexes derived from it, behind one door."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from vectorstore import renewing, vectors
from vectorstore.backup import sweep_home
from vectorstore.connection import Place
from vectorstore.database import address
from vectorstore.embed import Embedder
from vectorstore.engine import chosen, is_shared
from vectorstore.erasing import Erasure
from vectorstore.errors import StoreError, StoreUnusable
from vectorstore.holding import Holding
from vectorstore.indexes import Indexes
from vectorstore.lexical import context, fields
from vectorstore.lock import locked
from vectorstore.masks import hidden_entry
from vectorstore.privacy import find
from vectorstore.record import Record
from vectorstore.renewing import Chunk, Describe
from vectorstore.room import Room
from vectorstore.searching import Searching
from vectorstore.status import Index, Status
from vectorstore.sweeping import Sweeping
from vectorstore.types import Document, Header, Passage
from vectorstore.viewed import Viewed

_TOGETHER = 1000
"""Documents of an earlier schema that are described in one transaction."""
_SMALL = 10_000
"""Passages of an archive whose indexes are made anew while somebody waits: some seconds."""


class Store(Holding, Searching):
    """One archive directory, owned by this process until `close`.

    `archive.db` is the record; `index/<n>/` holds what is derived from it, with a manifest that says from what. What
    it keeps beside documents is an attribute each; `behind` makes indexes anew in the background.
    """

    def __init__(
        self,
        home: Path,
        embedder: Embedder,
        *,
        brief: bool = False,
        rebuilding: bool = False,
        personal: bool = False,
        serving: bool = False,
        floor_mb: int = 0,
        database: str = "",
        engine: str = "",
    ) -> None:
        """Opens or makes the archive in `home`, and mends its indexes if they do not fit the record.

        Args:
            home: the archive directory; made if absent.
            embedder: must be the one that the archive was built with.
            brief: for one question or a list: vectors are searched one by one, which takes less time than opening
                Chroma. Indexes that need mending are opened in full all the same.
            rebuilding: accept another embedder and no usable index, because `rebuild` is called before anything else.
            personal: keep and show personal data as it is. Otherwise what is added is masked, and what was kept before
                is masked as it is read, until `rebuild` masks it for good.
            serving: people wait: indexes that do not fit are built anew in the background, now and whenever they fail, and
                questions are answered meanwhile from what stands.
            floor_mb: so many megabytes of the disk stay free: what would be added then is refused.
            database: the address of PostgreSQL with the record; '' where it is `archive.db` in `home`.
            engine: where the indexes are, as `engine.chosen` takes it; '' where they are in `home`.

        Raises:
            StoreLocked: another process has the archive open.
            StoreUnusable: the directory or the record cannot be opened or written.
            IndexMismatch: the archive was built with another embedding model.
        """
        self.home = home
        self.embedder = embedder
        self.room = Room(home, floor_mb)
        self.is_local = not database and not engine
        self._changing = threading.RLock()
        shares = bool(database) and is_shared(engine)  # with other processes: then nothing of the archive is in `home`
        if shares:
            home.mkdir(parents=True, exist_ok=True)
        self._lock = None if shares else locked(home)
        sweep_home(home)
        try:
            self._personal = personal
            self._open(address(database) if database else home / "archive.db", shared=shares, read=serving)
            self._indexes = chosen(engine, home, self._record, embedder)
            self.behind = Sweeping(self._indexes, self._record.truncate_log)
            self._indexes.mend = partial(self.behind.begin, anew=True) if serving else None
            if not rebuilding:
                renewing.check_embedder(self._record, self.embedder)
                self._indexes.open(brief=brief)
                if not brief:
                    self._sweep()
        except BaseException:
            self._release()
            raise

    def _open(self, place: Place, *, shared: bool, read: bool) -> None:
        """Opens the record, and reads all of it where damage is to be told before anybody asks."""
        kept = self._record = Record(place, personal=self._personal)  # of the whole archive, whoever looks at it
        kept.turns.own(shared=shared)
        self.damage = kept.damage() if read else None
        if self.damage:
            raise StoreUnusable(self.damage)
        self._furnish()
        self.accounts, self.keys, self.limits, self.audit = kept.accounts, kept.keys, kept.limits, kept.audit
        self.usage, self.chats, self.generations = kept.usage, kept.chats, kept.generations
        self.replays, self.check_writable = kept.replays, kept.check_writable
        self._views: dict[frozenset[str], Viewed] = {}

    def own_home(self) -> None:
        """Has the folder for this process alone, also where the archive is shared: for what it keeps there of its own.

        Raises:
            StoreLocked, StoreUnusable: see `locked`.
        """
        self._lock = self._lock or locked(self.home)

    def _release(self) -> None:
        if self._lock:
            self._lock.release()

    def _furnish(self, owner: str | None = None) -> None:
        """What the record keeps of documents, as it shows it; with an `owner` their kept conversations alone."""
        kept = self._record
        self.conversations, self.feedback = kept.conversations(owner), kept.feedback
        self.listing, self.overview, self.masks, self.unread = kept.listing, kept.overview, kept.masks, kept.unread

    def close(self) -> None:
        """Closes the indexes and the record, and lets another process have the archive."""
        self.behind.stop()
        self._indexes.close()
        for record in (*self._views.values(), self._record):
            record.close()
        self._release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def seen_by(self, groups: frozenset[str] | None, owner: str | None = None) -> "Store":
        """The archive as those in `groups` see it: what is limited to others is not there. None sees all.

        With an `owner` only their conversations are in it. Itself where it has nothing to hide.
        """
        from vectorstore.view import View  # which is a store

        if groups is None or self.limits.are_none():
            return self if owner is None else View(self, self._record, owner, groups)
        with self._changing:
            record = self._views.get(groups) or self._views.setdefault(groups, Viewed(self._record, groups))
        return View(self, record, owner, groups)

    # How it stands

    def copy(self, path: Path, go_on: Callable[[], object] = lambda: None) -> tuple[int, ...]:
        """See `Record.copy`: the whole archive, because its indexes are derived from the record."""
        return self._record.copy(path, go_on)

    def status(self) -> Status:
        """How the archive stands now."""
        documents, passages = self._record.counts()
        return Status(
            documents=documents,
            passages=passages,
            index=self._indexes.standing(),
            embedding=self.embedder.name,
            dimension=self.embedder.dimension,
            problem=self._indexes.problem,
            personal="masked" if self.masks.are_complete() else "kept" if self._personal else "hidden",
            unswept=self._indexes.unswept(),
        )

    @property
    def notice(self) -> Index | None:
        """How questions are searched while indexes have to be built anew, where that is not as usual; None where it is."""
        standing = self._indexes.standing()
        return standing if self._indexes.problem and standing != "ready" else None

    def examine(self) -> None:
        """Reads all of the record, for `damage`, and tries the indexes, which are built anew where they fail."""
        self.damage = self._record.damage()
        if self.behind.done is None and (wrong := self._indexes.faults() or self._indexes.problem):
            self._indexes.failed(wrong)

    def faults(self) -> list[str]:
        """What is wrong with the record or the indexes, a sentence each; nothing in a sound archive."""
        wrong = self._indexes.faults()
        stale = [f"ดัชนีไม่ตรงกับฐานข้อมูล: {wrong} สร้างใหม่ได้ด้วย thamkhlang rebuild"] if wrong else []
        return self._record.faults() + stale

    # Changing it

    def add(self, entries: Sequence[tuple[Document, Sequence[Passage]]]) -> list[bool]:
        """Takes in documents with their passages, wholly or not at all: the record first, then the indexes.

        The personal data in them is masked before anything else, unless it is to be kept; where it stands is noted.

        Returns:
            For each entry whether it replaced an earlier document of the same source.

        Raises:
            DiskFull: nothing is added while too little of the disk is free.
        """
        self.room.check()
        found = [find(document.text) for document, _ in entries]
        if not self._personal:
            entries = [hidden_entry(*entry, some) for entry, some in zip(entries, found, strict=True)]
        elif any(found):
            self.masks.keep()
        found_vectors = vectors.of_passages(self.embedder, entries)
        for document, passages in entries:
            for passage in passages:  # while their words are still known from embedding them
                fields(passage.text, context(document.title, passage.section))
        cuts = np.cumsum([len(passages) for _, passages in entries])[:-1]
        with self._changing:
            replaced = self._record.add(
                (*entry, some, spans) for entry, some, spans in zip(entries, np.split(found_vectors, cuts), found, strict=True)
            )
        self._follow(len(found_vectors))
        return replaced

    def _follow(self, passages: int) -> None:
        """Has the indexes follow the record. Where they cannot, as on a full disk, they do so later: nothing is lost."""
        if self.behind.done is None:  # else it is carried out when the indexes stand that are being built
            with self._put_off():
                self._indexes.follow(passages)

    @contextmanager
    def _put_off(self) -> Iterator[None]:
        """What fails within this is tried again in the background."""
        try:
            yield
        except (StoreError, OSError, ValueError) as error:
            self._indexes.problem = str(error)
            self.behind.begin()

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """For many documents in a row: the indexes follow in the background, and have caught up when the block ends."""
        following = self._indexes.following()
        following.__enter__()
        try:
            yield
        finally:
            with self._put_off():
                following.__exit__(None, None, None)

    def remove(self, name: str) -> Erasure:
        """Erases the document with this id or source name, its earlier versions, and its words in kept conversations.

        It is found no more, and the record has no byte of it, when this returns. The indexes are made anew: at once where
        they are small, else in the background. On a full disk that is left to the background too, once there is room.

        Raises:
            UnknownDocument: there is none.
            StoreUnusable: it cannot be erased, as on a full disk; it stays as it is.
        """
        with self._changing:
            gone = self._record.remove(self.find(name))
        return replace(gone, indexes="clean" if self._sweep() else "rebuilding")

    def limit(self, name: str, groups: Sequence[str]) -> Header:
        """Limits the document with this id or source name to `groups`, its other versions too; to nobody where there are none.

        It is hidden from others when this returns.

        Raises:
            UnknownDocument: there is none.
            AccountRefused: see `group_names`.
        """
        header = self.find(name)
        self.limits.set(header.source, groups)
        self._follow(0)
        return header

    def _sweep(self) -> bool:
        """Empties the log and makes the indexes anew where something was erased: whether that is done."""
        if self._indexes.unswept():
            with self._put_off():
                self._record.truncate_log()
                if self._record.counts()[1] <= _SMALL:
                    self._indexes.build()
            if self._indexes.unswept():
                self.behind.begin()
        return not self._indexes.unswept()

    def wait_until_swept(self) -> bool:
        """Waits while indexes are made anew after a removal; whether they have no byte left of what was removed."""
        self.behind.wait()
        return not self._indexes.unswept()

    def catch_up(self, describe: Describe, progress: Callable[[int], object] = lambda _: None) -> None:
        """Describes the documents of an archive of an earlier schema; what a killed process leaves, the next one does.

        `progress` is told how many more have been described.
        """
        with self._changing, self._indexes.following():
            while names := self.register.undescribed(_TOGETHER):
                self._indexes.follow(self.register.describe([describe(self.document(name)) for name in names]))
                progress(len(names))

    def rebuild(
        self,
        chunk: Chunk | None = None,
        progress: Callable[[int], object] = lambda _: None,
        *,
        describe: Describe | None = None,
    ) -> None:
        """Builds the indexes anew beside the old ones, from the record; no source file is read.

        Personal data that was kept before is masked in the record first, unless it is to be kept.

        Args:
            chunk: cuts every document anew and embeds it, for another chunker or embedding model.
            progress: called with the number of passages done.
            describe: finds facts and resolutions anew in every document.
        """
        from vectorstore.renewal import Renewal  # which is of stores

        with self._changing:
            self.renew_texts(describe)
            if chunk and self.is_local:
                return Renewal(self, self.embedder, chunk).carry_out(progress)
            if chunk:
                renewing.cut_anew(self._record, self._indexes, self.embedder, chunk)
            self._indexes.build(progress)

    def renew_texts(self, describe: Describe | None = None) -> None:
        """The first part of `rebuild`: see `renewing.renew_texts`."""
        renewing.renew_texts(self._record, self._indexes, describe, personal=self._personal)

    def adopt(self, embedder: Embedder) -> None:
        """Opens the indexes of the passages that the record has now, which `embedder` has embedded; others are deleted."""
        self._indexes.close()
        self.embedder = embedder
        self._indexes = Indexes(self.home / "index", self._record, embedder)
        self.behind = Sweeping(self._indexes, self._record.truncate_log)
        self._indexes.open()

    @property
    def record(self) -> Record:
        """What the store reads from."""
        return self._record
