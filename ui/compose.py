"""Where the rooms meet: an archive, an assistant over it and the way in, from settings."""

import logging
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import Assistant
from assistant.model import LangChainModel
from ingest.web import Reach
from ui.discreet import log_discreetly
from ui.people import OWNER, Person
from ui.settings import Settings
from vectorstore import Store, embed
from vectorstore.errors import DiskFull
from vectorstore.privacy import masked

_log = logging.getLogger("thamkhlang.house")
SAMPLES = Path(__file__).parent.parent / "ingest" / "samples"
"""The bundled sample archive: invented reports."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a face needs; `person` is who it is seen by."""

    settings: Settings
    store: Store
    assistant: Assistant
    person: Person = OWNER

    def discreet(self, text: str) -> str:
        """What somebody typed, with the personal data in it masked unless the operator shows it."""
        return text if self.settings.show_personal else masked(text)

    def seen_by(self, person: Person) -> "House":
        """The same house with only the documents that `person` may see, and only their own conversations."""
        if person == self.person:
            return self
        store = self.store.seen_by(person.groups, None if person == OWNER else person.name)
        return replace(self, store=store, assistant=self.assistant.over(store), person=person)

    def note(self, what: str, which: str = "") -> None:
        """Writes down what `person` did."""
        self.store.audit.note(self.person.name, what, which)

    def note_opened(self, source: str) -> None:
        """Writes down that a document was opened, where it is limited to groups."""
        self.note_seen("document.opened", [source])

    def note_seen(self, what: str, sources: Iterable[str]) -> None:
        """Writes down which of these documents `person` has seen words of, of those that are limited to groups; each once."""
        limits = self.store.limits
        if limits.are_none():
            return
        if seen := [source for source in dict.fromkeys(sources) if limits.of(source)]:
            self._note_asked(what, seen)

    def note_refused(self, what: str) -> None:
        """Writes down that `person` asked for what is given to nobody; not for what."""
        self._note_asked(what, [""])

    def _note_asked(self, what: str, which: list[str]) -> None:
        try:
            self.store.audit.note_all(self.person.name, what, which)
        except DiskFull:  # who asks is answered all the same
            _log.error("not written down", extra={"fields": {"who": self.person.name, "what": what, "which": which}})


def compose(settings: Settings, *, brief: bool = False, rebuilding: bool = False, serving: bool = False) -> House:
    """The archive of `settings.home`, opened as `Store` opens it, with an assistant over it; the caller closes `store`.

    Raises:
        StoreError: the archive or its embedding model cannot be used.
        ModelMisset: the language model's settings cannot be used.
    """
    model = None
    if settings.model:
        model = LangChainModel(
            settings.model,
            base_url=settings.model_url,
            api_key=settings.model_key.get_secret_value(),
            timeout_s=settings.model_timeout_s,
        )
    personal = settings.show_personal
    log_discreetly(not personal)
    embedder = embed.load(settings.embedding_model)
    store = Store(
        settings.home,
        embedder,
        brief=brief,
        rebuilding=rebuilding,
        personal=personal,
        serving=serving,
        floor_mb=settings.min_free_mb,
        database=settings.database.get_secret_value(),
        engine=settings.engine,
    )
    if not rebuilding:
        _catch_up(store)
    return House(settings, store, Assistant(store, model, personal=personal))


def _catch_up(store: Store) -> None:
    """Looks for facts and resolutions in the documents of an archive of an earlier version, once."""
    if not store.register.undescribed(1):
        return
    from tqdm import tqdm

    from ingest.describe import described

    print("กำลังทำทะเบียนมติจากเอกสารที่มีอยู่ (ครั้งเดียว)", file=sys.stderr)  # noqa: T201
    form = "{percentage:3.0f}% |{bar:20}| {n_fmt} จาก {total_fmt} เอกสาร เหลืออีก {remaining}"
    try:
        with tqdm(total=len(store.register.undescribed()), disable=None, leave=False, bar_format=form) as bar:
            store.catch_up(described, bar.update)
    except BaseException:
        store.close()
        raise


def reach(settings: Settings) -> Reach:
    """Where documents may be fetched from."""
    hosts = tuple(host.strip() for host in settings.url_hosts.split(",") if host.strip())
    return Reach(is_on=settings.urls == "on", hosts=hosts, most_bytes=settings.max_upload_mb * 1_000_000)
