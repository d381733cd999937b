"""The HTTP API: its routes (`ui.v1`) behind what guards them, and the screens."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from ingest.apart import Readers
from ingest.web import Reach
from ui import pages, passphrase
from ui.access import Access
from ui.backups import watched
from ui.compose import House, reach
from ui.doorway import Doorway
from ui.guard import Guard
from ui.intake import Intake
from ui.journal import Journal
from ui.line import webhook
from ui.once import Once
from ui.openai import Shape
from ui.readiness import Readiness
from ui.turnstile import Turnstile
from ui.v1 import answers, chat, conversations, documents, faults, health, reader, resolutions
from ui.v1.described import describe, named, problems
from ui.v1.heads import Heads


def create(house: House, within: Reach | None = None) -> FastAPI:
    """The API over `house`, described at /openapi.json; the usual pages for it would come from another host.

    `within` is where documents may be fetched from, as the settings say where it is not given.

    Raises:
        SettingsError: the passphrase of backups is set, and cannot be read.
    """
    app = FastAPI(
        title="ThamKhlang ถามคลัง",
        version="1",
        description="ถามคลังเอกสารงานพัฒนาชุมชน ได้ถ้อยคำในเอกสารพร้อมที่มา",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        responses=problems(),
        generate_unique_id_function=named,
    )
    app.state.house, app.state.readers = house, Readers()
    app.state.reach = within or reach(house.settings)
    app.state.readiness = Readiness(house)
    app.state.seal = passphrase.seal(house.settings)
    app.state.backups = watched(house, app.state.seal, app.state.readiness)
    describe(app)
    faults.handle(app)
    _guard(app, house)
    for resource in (answers, chat, conversations, documents, resolutions):
        resource.add(app)
    pages.add(app, house)  # before the page of a document, whose path takes in all that is below it
    reader.add(app)
    health.add(app)
    webhook.add(app, house)
    faults.nothing_else(app)
    return app


def _guard(app: FastAPI, house: House) -> None:
    """What stands before the routes, the innermost first."""
    app.add_middleware(Turnstile, settings=house.settings)
    app.add_middleware(Once, house=house)
    app.add_middleware(Doorway)
    app.add_middleware(Intake)
    app.add_middleware(Access, house=house)
    app.add_middleware(Guard, settings=house.settings)  # before anybody is asked who they are
    app.add_middleware(Shape)  # around all that may refuse
    app.add_middleware(Heads)
    app.add_middleware(Journal)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    if app.state.line:
        app.state.line.start()
    if app.state.backups:
        app.state.backups.start()
    yield
    if app.state.backups:
        await run_in_threadpool(app.state.backups.close)
    if app.state.line:
        await run_in_threadpool(app.state.line.close)
    await run_in_threadpool(app.state.readers.close)
