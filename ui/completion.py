"""An answer as OpenAI's clients read it: a chat completion, whole or in chunks, with its sources beside."""

import json
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import AssistantError
from assistant.types import Answer, Refusal
from ui import messages, openai, render, wire
from ui.conversation import Told
from vectorstore.errors import StoreError

_ACTIVE = re.compile(r"\](?=[(:\[])|<(?=[A-Za-z/!?])")
"""What makes a link, a picture or HTML of words where Markdown is shown."""


def inert(text: str) -> str:
    """The words of documents with a space wherever Markdown would make more than words of them.

    Chat programs show answers as Markdown: a picture in a document's words would be fetched by everybody who reads them. The
    exact words are in `sources`.
    """
    return _ACTIVE.sub(lambda found: f"{found[0]} ", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One reply to one request.

    `model` is whom the client asked, `links` what links begin with, `read` how many characters of the request were read;
    `created` is in seconds since 1970.
    """

    model: str
    links: str
    read: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, told: Told) -> dict[str, Any]:
        """A chat completion."""
        cited = self._sources(told.reply)
        words = inert(_words(told.reply))
        text = words + self._added(told, cited)
        message = {"role": "assistant", "content": text, "refusal": None, "annotations": _annotations(words, cited)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._headed("chat.completion", [choice]) | {"usage": self._usage(text)} | _beside(told, cited)

    def events(self, pieces: Iterator[str | Told], *, usage: bool) -> Iterator[str]:
        """Server-sent events of chunks, ended by [DONE]; an error after the first is an event too, and then nothing follows.

        The sources are beside the last chunk's finish_reason; with `usage` one more chunk, without choices, has what was used.
        """
        text = ""
        try:
            yield self._chunk({"role": "assistant", "content": "", "refusal": None})
            for piece in pieces:
                if isinstance(piece, str):
                    text += inert(piece)
                    yield self._chunk({"content": inert(piece)})
                else:
                    yield from self._end(piece, text, usage=usage)
        except (AssistantError, StoreError) as error:
            told = messages.problem(error)
            yield _event(openai.error({"status": told.status, "code": told.code, "detail": told.detail}))

    def _end(self, told: Told, text: str, *, usage: bool) -> Iterator[str]:
        cited = self._sources(told.reply)
        rest = ("" if isinstance(told.reply, Answer) else inert(_words(told.reply))) + self._added(told, cited)
        if rest:
            yield self._chunk({"content": rest})
        delta = {"annotations": _annotations(text, cited)} if cited else {}
        yield self._chunk(delta, "stop", **_beside(told, cited))
        if usage:
            yield _event(self._headed("chat.completion.chunk", []) | {"usage": self._usage(text + rest)})
        yield "data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **beside: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event(self._headed("chat.completion.chunk", [choice]) | beside)

    def _headed(self, kind: str, choices: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model, "choices": list(choices)}

    def _usage(self, text: str) -> dict[str, int]:
        """Characters: an archive's own words are made without a language model, whose tokens there are none of."""
        return {"prompt_tokens": self.read, "completion_tokens": len(text), "total_tokens": self.read + len(text)}

    def _sources(self, said: Answer | Refusal) -> list[dict[str, Any]]:
        return [wire.citation(one, self.links) for one in said.citations] if isinstance(said, Answer) else []

    def _added(self, told: Told, cited: Sequence[dict[str, Any]]) -> str:
        """The sources as text, where they were asked for as text, and how the archive was searched where not as usual."""
        sources = openai.SOURCES + "\n".join(map(_line, cited)) if cited and self.model == openai.MODELS[1] else ""
        notice = _notice(told)
        return sources + (openai.NOTICE + notice if notice else "")


def _words(said: Answer | Refusal) -> str:
    return said.text if isinstance(said, Answer) else messages.refusal(said)


def _notice(told: Told) -> str | None:
    return messages.notice(told.notice, told.reply.query.language)


def _line(cited: dict[str, Any]) -> str:
    page = f"หน้า {cited['page']}" if cited["page"] else ""
    about = " · ".join(filter(None, [cited["title"], render.day(cited["date"]), page]))
    return f"[{cited['n']}] {inert(' '.join(about.split()))} {cited['link']}"


def _annotations(text: str, cited: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where in an answer the markers of its sources stand: characters from start to end, 0-based, end exclusive."""
    return [
        {
            "type": "url_citation",
            "url_citation": {"start_index": found.start(), "end_index": found.end(), "title": one["title"], "url": one["link"]},
        }
        for one in cited
        for found in re.finditer(rf"\[{one['n']}\]", text)
    ]


def _beside(said: Told, cited: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What no client needs and ours can use; the marker [n] is for the `n`-th address from 1, '' where none has that number."""
    by_number = {one["n"]: one for one in cited}
    places = [by_number.get(n) for n in range(1, max(by_number, default=0) + 1)]
    told = wire.reply(said.reply)
    return {
        "answered": told["answered"],
        "refusal": told["refusal"],
        "by": told["by"],
        "citations": [one["link"] if one else "" for one in places],
        "search_results": [{"title": one["title"], "url": one["link"], "date": one["date"]} for one in places if one],
        "sources": list(cited),
        "notice": _notice(said),
    }


def _event(data: object) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
