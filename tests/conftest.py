"""What every test has: no outside network, no settings from the machine it runs on."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("THAMKHLANG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(autouse=True, scope="session")
def _no_outside_network() -> Iterator[None]:
    """Connections to any other machine fail at once, so that a test cannot depend on one."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            assert str(address[0]) in ("127.0.0.1", "::1", "localhost"), f"a test reached for {address[0]}"
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = local_only  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout, where there is one."""
    if not (SHARED / "archive").is_dir():
        pytest.skip("no folder of real documents beside the checkout")
    return SHARED
