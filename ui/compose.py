"""Where the rooms meet: an archive, an assistant over it and the way in, from settings."""

from dataclasses import dataclass
from pathlib import Path

from assistant import Assistant
from assistant.model import LangChainModel
from ingest.web import Reach
from ui.settings import Settings
from vectorstore import Store, embed

SAMPLES = Path(__file__).parent.parent / "ingest" / "samples"
"""The bundled sample archive: invented reports."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a face needs."""

    settings: Settings
    store: Store
    assistant: Assistant


def compose(settings: Settings, *, brief: bool = False, rebuilding: bool = False) -> House:
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
    store = Store(settings.home, embed.load(settings.embedding_model), brief=brief, rebuilding=rebuilding)
    return House(settings, store, Assistant(store, model))


def reach(settings: Settings) -> Reach:
    """Where documents may be fetched from."""
    hosts = tuple(host.strip() for host in settings.url_hosts.split(",") if host.strip())
    return Reach(is_on=settings.urls == "on", hosts=hosts, most_bytes=settings.max_upload_mb * 1_000_000)
