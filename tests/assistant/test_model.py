"""The LangChain chat model against a loopback server that speaks OpenAI's protocol."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant import Answer, Assistant, ModelMisset, ModelUnavailable
from assistant.model import LangChainModel
from vectorstore import Store


class OpenAI(BaseHTTPRequestHandler):
    """Streams `server.words` as chat completion chunks, or answers with `server.status`."""

    server: Any

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.status)
        if self.server.status != 200:
            self.end_headers()
            return
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for word in self.server.words:
            delta = {"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}
            self.wfile.write(
                f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', 'model': 'm', **delta})}\n\n".encode()
            )
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def openai() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), OpenAI)
    server.words, server.status, server.asked = ["ฝายมี 15 ", "ตัว [1]\n", "มี 99 ตัว [1]"], 200, []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def model(server: Any, **options: Any) -> LangChainModel:
    return LangChainModel("openai:qwen", base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key="secret", **options)


def test_an_answer_is_streamed_and_held_to_its_quotes(openai: Any, store: Store) -> None:
    reply = Assistant(store, model(openai)).ask("ฝายชะลอน้ำห้วยหมากมีกี่ตัว")
    assert isinstance(reply, Answer)
    assert reply.text == "ฝายมี 15 ตัว [1]" and reply.by == "openai:qwen"
    path, key, body = openai.asked[0]
    assert path == "/v1/chat/completions" and key == "Bearer secret"
    assert body["stream"] is True and body["model"] == "qwen"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_failing_server_is_translated_and_the_archive_answers(openai: Any, store: Store, status: int) -> None:
    openai.status = status
    with pytest.raises(ModelUnavailable, match="ไม่ตอบ"):
        list(model(openai).stream("s", "q"))
    reply = Assistant(store, model(openai)).ask("ฝายชะลอน้ำห้วยหมากมีกี่ตัว")
    assert isinstance(reply, Answer) and reply.by is None


def test_an_unreachable_server_is_translated(openai: Any) -> None:
    port = openai.server_port
    unreachable = LangChainModel(
        "openai:qwen", base_url=f"http://127.0.0.1:{port if port < 2 else 1}/v1", api_key="x", timeout_s=2
    )
    with pytest.raises(ModelUnavailable):
        list(unreachable.stream("s", "q"))


@pytest.mark.parametrize("name", ["qwen", ":qwen", "openai:", "nosuchprovider:model", "cohere:command"])
def test_a_misset_model_is_told_with_what_to_do(name: str) -> None:
    with pytest.raises(ModelMisset, match=r"THAMKHLANG_MODEL|ติดตั้ง"):
        LangChainModel(name)
