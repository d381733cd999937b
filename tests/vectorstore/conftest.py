"""The two profiles on which the contract of a store is tested: files of its own, and PostgreSQL with Milvus."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import milvus, postgres

Profile = Callable[[], dict[str, str]]
"""What a new archive is opened with, beside its folder and its embedder."""


@pytest.fixture(scope="session")
def database_server() -> Iterator[postgres.Server]:
    """A PostgreSQL of Debian's package."""
    if not postgres.BINARIES:
        pytest.skip("no PostgreSQL on this machine (apt-get install postgresql)")
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def engine_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Milvus."""
    with milvus.running(tmp_path_factory.mktemp("milvus") / "data") as address:
        yield address


@pytest.fixture(scope="session", params=["files", "cluster"])
def profile(request: pytest.FixtureRequest) -> Profile:
    """A profile: each call names another archive's place."""
    if request.param == "files":
        return dict
    server: postgres.Server = request.getfixturevalue("database_server")
    address: str = request.getfixturevalue("engine_server")
    return lambda: {"database": server.fresh(), "engine": f"milvus:{address}"}


@pytest.fixture(scope="session")
def cluster(database_server: postgres.Server, engine_server: str) -> Profile:
    """The profile of several processes."""
    return lambda: {"database": database_server.fresh(), "engine": f"milvus:{engine_server}"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "home"
