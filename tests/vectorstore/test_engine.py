"""Where the indexes are: on a server of Chroma, which is the step between a folder and several processes, or nowhere."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pymilvus
import pytest
from pymilvus import MilvusClient, MilvusException

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.conftest import Profile
from vectorstore import Store, StoreUnusable
from vectorstore.errors import IndexUnavailable
from vectorstore.shared import SharedIndexes

WEIR = document("b.txt", "สร้างฝายชะลอน้ำ 15 ตัว ที่บ้านห้วยหมาก", "ใช้งบ 196,400 บาท")
FUND = document("a.txt", "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วมีสมาชิก 612 คน")


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of `chroma run`, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = shutil.which("chroma", path=str(Path(sys.executable).parent))
    assert program, "Chroma's wheel brings it"
    command = [program, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(tmp_path_factory.mktemp("chroma"))]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"chroma:http://127.0.0.1:{port}", server
        finally:
            server.kill()


def test_vectors_may_be_on_a_server_of_chroma(chroma: tuple[str, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    address, server = chroma
    with Store(tmp_path / "one", HashEmbedder(), engine=address) as store, Store(tmp_path / "two", HashEmbedder()) as other:
        for some in (store, other):
            some.add([(made, passages(made)) for made in (WEIR, FUND)])
        assert store._indexes.sound() and store.status().index == "ready"  # type: ignore[attr-defined]
        for asked in ("ฝายชะลอน้ำ", "สมาชิกกองทุนสวัสดิการ"):
            assert [hit.passage.id for hit in store.search(asked)] == [hit.passage.id for hit in other.search(asked)]
        store.rebuild()
        store.remove("b.txt")
        assert not any("ฝาย" in hit.passage.text for hit in store.search("ฝายชะลอน้ำ")) and store.faults() == []
        assert not list((tmp_path / "one").rglob("chroma.sqlite3")), "nothing of Chroma's is in the folder"
    with Store(tmp_path / "one", HashEmbedder(), engine=address) as store:
        assert "612" in store.search("สมาชิกกองทุนสวัสดิการ")[0].passage.text
        server.kill()
        server.wait()
        assert "612" in store.search("สมาชิกกองทุนสวัสดิการ")[0].passage.text, "from the file beside it"
        assert store.status().problem


def test_a_collection_that_is_lost_is_made_again(cluster: Profile, tmp_path: Path) -> None:
    with Store(tmp_path / "home", HashEmbedder(), serving=True, **cluster()) as store:
        store.add([(FUND, passages(FUND))])
        indexes: SharedIndexes = store._indexes  # type: ignore[assignment]
        indexes._milvus.drop(indexes._name())
        with pytest.raises(IndexUnavailable):
            store.search("สมาชิกกองทุนสวัสดิการ")
        store.examine()
        store.behind.wait()
        assert "612" in store.search("สมาชิกกองทุนสวัสดิการ")[0].passage.text and store.faults() == []


def test_who_is_refused_at_first_is_connected_then(cluster: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a server that has just ended an idle connection, whose first call goes with it."""
    tries = list[str]()

    def connected(address: str, **given: Any) -> MilvusClient:
        tries.append(address)
        if len(tries) == 1:
            raise MilvusException(message="Too many pings")
        return MilvusClient(address, **given)

    monkeypatch.setattr(pymilvus, "MilvusClient", connected)
    with Store(tmp_path / "home", HashEmbedder(), **cluster()) as store:
        store.add([(FUND, passages(FUND))])
        assert "612" in store.search("สมาชิกกองทุนสวัสดิการ")[0].passage.text and len(tries) == 2


def test_who_searches_while_another_program_switches_finds_all_the_same(cluster: Profile, tmp_path: Path) -> None:
    told = cluster()
    with Store(tmp_path / "one", HashEmbedder(), **told) as one, Store(tmp_path / "two", HashEmbedder(), **told) as two:
        one.add([(FUND, passages(FUND))])
        indexes: SharedIndexes = one._indexes  # type: ignore[assignment]
        milvus, switched = indexes._milvus, list[str]()
        for name in ("nearest", "matching"):
            search = getattr(milvus, name)

            def first(at: str, *given: object, search: Callable[..., object] = search) -> object:
                if not switched:
                    switched.append(at)
                    two.rebuild()  # and drops the collection that is about to be searched
                return search(at, *given)

            setattr(milvus, name, first)
        assert "612" in one.search("สมาชิกกองทุนสวัสดิการ")[0].passage.text and switched


def test_an_engine_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="THAMKHLANG_ENGINE"):
        Store(tmp_path, HashEmbedder(), engine="qdrant:http://127.0.0.1")
