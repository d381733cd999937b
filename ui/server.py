"""One process that serves the page and the API, and owns the archive while it does."""

import contextlib
import gc
import socket
import sys

import uvicorn

from ui import journal
from ui.compose import SAMPLES, House, compose
from ui.settings import Settings, SettingsError
from vectorstore.vigil import Vigil

_TURN_S = 0.0001
"""How long a thread may keep the others from their turn, in seconds.

Each time that the thread which speaks to the network has sent or received something, it waits for its turn: with Python's
own 5 ms an answer that is made beside it leaves no time for a hundred small requests a second."""


def serve(settings: Settings, *, samples: bool = False) -> int:
    """Serves until interrupted and returns the exit code; with `samples` an empty archive takes in the bundled reports first.

    Raises:
        SettingsError: the address or port cannot be used; accounts are on, and nobody could look after them.
        StoreError, ModelMisset: see `compose`.
    """
    journal.begin(settings.log)
    listening = _listen(settings)
    with listening:
        house = compose(settings, serving=True)
        with house.store, Vigil(house.store, settings.check_minutes * 60):
            if settings.accounts == "on" and not house.store.accounts.has_administrator():
                raise SettingsError(
                    "เปิดใช้บัญชีแล้ว (THAMKHLANG_ACCOUNTS=on) แต่ยังไม่มีบัญชีผู้ดูแล "
                    "สร้างก่อนด้วยคำสั่ง thamkhlang account add ชื่อ --role administrator"
                )
            if samples and not house.store.status().documents:
                _add_samples(house)
            _run(house, listening)
    return 0


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named: else small answers wait for each other
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(128)  # before anything is told: who comes early waits, and is not turned away
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"เปิดรับที่ {settings.host}:{settings.port} ไม่ได้ ({error.strerror}) ปิดโปรแกรมที่ใช้พอร์ตนี้ หรือเลือกพอร์ตอื่นด้วย --port"
        ) from error
    return listening


def _add_samples(house: House) -> None:
    from ingest import ingest

    report = ingest([SAMPLES], house.store)
    print(f"เพิ่มเอกสารตัวอย่าง {len(report.added)} ฉบับ (เนื้อหาสมมติ)", file=sys.stderr)  # noqa: T201


def _run(house: House, listening: socket.socket) -> None:
    from ui import api, web

    app = web.mount(api.create(house), house)
    host, port = listening.getsockname()[:2]
    trusted = house.settings.trusted_proxies
    config = uvicorn.Config(
        app,
        log_level="critical",  # what is told of a request has no more in it than ui/journal.py says
        access_log=False,
        timeout_keep_alive=75,  # longer than proxies keep a connection for the next request: they close it, not we beneath one
        timeout_graceful_shutdown=1,
        server_header=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
    )
    server = uvicorn.Server(config)
    shown = f"[{host}]" if ":" in host else host
    print(f"ถามคลังพร้อมแล้วที่ http://{shown}:{port}  (หยุดด้วย Ctrl+C)", flush=True)  # noqa: T201
    sys.setswitchinterval(_TURN_S)
    gc.collect()
    gc.freeze()  # libraries and dictionaries stay: to look through them for garbage stops everybody for half a second
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn stops, then passes the signal on
        server.run(sockets=[listening])
