"""A language model, if the operator has one: the only door to LangChain's chat models.

One setting names it, `provider:model` as LangChain's `init_chat_model` reads it; a base URL points the OpenAI
protocol at a server of one's own (llama.cpp, Ollama, vLLM) or at a Thai service that speaks it.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from assistant.errors import ModelMisset, ModelUnavailable
from assistant.types import Fallback

_STATUS: dict[int, Fallback] = {
    401: "misset",
    403: "misset",
    404: "misset",
    408: "timeout",
    429: "rate_limited",
    504: "timeout",
}
_FINISHED: dict[str, Fallback] = {
    "content_filter": "refused",
    "refusal": "refused",
    "safety": "refused",
    "recitation": "refused",
    "prohibited_content": "refused",
    "blocklist": "refused",
    "length": "too_long",
    "max_tokens": "too_long",
}
"""What providers give as the reason why a reply ends, where that is not that it is complete."""
_GARBLED = (ValueError, TypeError, AttributeError, KeyError, IndexError)
"""What LangChain and the providers' packages raise over a body that is no reply; UnicodeDecodeError and JSONDecodeError
are ValueErrors."""
_NOTHING_CAME = "No generation"
"""How LangChain's error begins where a stream had no chunk at all."""
_MOST_BYTES = 16_000_000
"""A reply of 20,000 characters, a character an event, with room."""
_log = logging.getLogger("thamkhlang")


class ChatModel(Protocol):
    """What the answer path needs of a model."""

    name: str
    timeout_s: float
    """Longest time for all that is asked of it for one answer, in seconds."""

    def stream(self, system: str, question: str) -> Iterator[str]:
        """The model's words as they come.

        Raises:
            ModelUnavailable: it did not serve; the code says why.
        """
        ...


class LangChainModel:
    """A chat model of any provider that LangChain has a package for."""

    def __init__(self, name: str, *, base_url: str = "", api_key: str = "", timeout_s: float = 30.0) -> None:
        """Prepares the model; nothing is sent yet. One without a key is prepared too: its every use fails with "misset".

        Args:
            name: "provider:model", such as "openai:qwen3" or "ollama:llama3.2".
            base_url: where the provider's protocol is spoken, if not at its own address.
            api_key: the secret to send; some servers of one's own want none.
            timeout_s: longest time for an answer, in seconds; no single wait for the server is longer.

        Raises:
            ModelMisset: the name is not of that form, or the provider's package is missing.
        """
        provider, _, model = name.partition(":")
        if not provider or not model:
            raise ModelMisset(f"THAMKHLANG_MODEL={name!r} ต้องอยู่ในรูป provider:model เช่น openai:qwen3")
        options: dict[str, Any] = {"temperature": 0, "timeout": timeout_s, "max_retries": 0}
        if base_url:
            options |= {"base_url": base_url, "api_key": api_key or "none"}
        elif api_key:
            options["api_key"] = api_key
        if provider == "openai":
            options["http_client"] = _client(timeout_s)
        self.name = name
        self.timeout_s = timeout_s
        self._misset = ""
        self._model = self._prepared(provider, model, options)

    def _prepared(self, provider: str, model: str, options: dict[str, Any]) -> Any:
        from langchain.chat_models import init_chat_model

        try:
            return init_chat_model(model, model_provider=provider, **options)
        except (ImportError, ValueError) as error:
            raise ModelMisset(
                f"ใช้โมเดล {self.name!r} ไม่ได้ ({error}) ตรวจชื่อผู้ให้บริการและติดตั้งแพ็กเกจ langchain-{provider}"
            ) from error
        except Exception as error:  # noqa: BLE001  each provider has its own for a missing key
            self._misset = f"ตั้งค่าโมเดล {self.name!r} ไม่ครบ ({error}) ตรวจ THAMKHLANG_MODEL_KEY"
            _log.warning("%s", self._misset)

    def stream(self, system: str, question: str) -> Iterator[str]:
        """The model's words as they come. Closing the stream closes the connection.

        Raises:
            ModelUnavailable: the provider failed, whatever its error, or ended the reply early; the code says why.
        """
        from langchain_core.messages import HumanMessage, SystemMessage

        if self._misset:
            raise ModelUnavailable(self._misset, "misset")
        with _translated(self.name):
            for chunk in self._model.stream([SystemMessage(system), HumanMessage(question)]):
                if text := str(chunk.text):
                    yield text
                if code := _ended(chunk.response_metadata):
                    raise ModelUnavailable(f"โมเดล {self.name} หยุดก่อนจบ ({code})", code)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Errors of LangChain and of any provider's package as ours."""
    try:
        yield
    except ModelUnavailable:
        raise
    except Exception as error:
        raise ModelUnavailable(f"โมเดล {name} ไม่ตอบ ({type(error).__name__}: {str(error)[:200]})", _code(error)) from error


def _ended(metadata: dict[str, Any]) -> Fallback | None:
    reason = metadata.get("finish_reason") or metadata.get("stop_reason") or metadata.get("done_reason") or ""
    return _FINISHED.get(str(reason).lower())


def _code(error: BaseException) -> Fallback:
    """Why a model did not serve, from the errors of its provider's package and those that led to them."""
    chain = list(_causes(error))
    if any("content_filter" in str(getattr(one, "code", "")) for one in chain):
        return "refused"
    for one in chain:
        status = getattr(one, "status_code", None) or getattr(one, "code", None)
        if isinstance(status, int):
            return _STATUS.get(status, "unavailable")
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in chain):
        return "timeout"
    if not isinstance(error, _GARBLED):
        return "unavailable"
    return "empty" if str(error).startswith(_NOTHING_CAME) and getattr(_reply, "is_stream", True) else "garbled"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


_reply = threading.local()
"""Of this thread's last request: whether what came `is_stream`, a stream of events as was asked; a page of HTML is not."""


def _client(timeout_s: float) -> Any:
    """The OpenAI package's own HTTP client, which also stops reading in time: what only keeps a connection alive is no piece.

    Without it a server that sends comments, or one line without an end, would hold a thread and memory for ever.
    """
    from openai import DefaultHttpxClient

    def guard(response: Any) -> None:
        _reply.is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
        response.iter_bytes = lambda *sizes, read=response.iter_bytes: _in_time(read(*sizes), time.monotonic() + timeout_s)

    return DefaultHttpxClient(event_hooks={"response": [guard]})


def _in_time(chunks: Iterator[bytes], until: float) -> Iterator[bytes]:
    left = _MOST_BYTES
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise ModelUnavailable(f"โมเดลส่งข้อมูลมาเกิน {_MOST_BYTES:,} ไบต์", "too_long")
        if time.monotonic() > until:
            raise TimeoutError("โมเดลส่งข้อมูลมาไม่จบในเวลาที่ตั้งไว้")
        yield chunk
