"""The chat page: the only door to Gradio, mounted at the root of the app that serves the API."""

import contextlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.staticfiles import StaticFiles

from assistant.errors import AssistantError
from ui import conversation, filters, page, suggesting, talks, wire
from ui.compose import House
from ui.conversation import Asking, Told
from ui.gate import Gate
from ui.page import Exchange
from ui.people import person_of, stranger
from ui.quiet import Quiet
from ui.wish import Wish, wish
from ui.words import ASSETS, BOOK, WORDS
from vectorstore.conversations import fresh_id
from vectorstore.errors import MisnamedConversation, StoreError, UnknownConversation


@contextlib.contextmanager
def _no_stubs() -> Iterator[None]:
    """Keeps Gradio from writing .pyi files beside its components on import: 1.3 s, and no write to the installation.

    It writes none for a class without a source file, which is what it is told here of its own.
    """
    getfile = inspect.getfile

    def not_gradio(thing: Any) -> str:
        if str(getattr(thing, "__module__", "")).startswith("gradio."):
            raise OSError("not needed")
        return getfile(thing)

    inspect.getfile = not_gradio  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = getfile


with _no_stubs():
    import gradio as gr
    from gradio import routes

_AT_ONCE = 4
"""Questions answered at the same time; the others wait."""
_WAITING = 200
"""What may wait: a question, and what may be asked next, of each that ask at the same time."""
_LONGEST = 100
"""Questions of one conversation that are shown."""
_BROWSER = "thamkhlang-conversation"
"""Under what the browser keeps the conversation's name; Gradio encrypts it with a word that every browser is told."""
_KNOWN = 300
"""Conversations whose names a browser keeps."""
_TYPED = "(words, _, ...rest) => [words, thamkhlang.typed(words), ...rest]"
_WISHED = "(_, ...rest) => [thamkhlang.wish(), ...rest]"
_LAST = "() => [thamkhlang.last()]"
_LISTING = "(_, ...rest) => [thamkhlang.listing(), ...rest]"
_ARRIVING = "() => [thamkhlang.arriving()]"
_COMING_BACK = "(_, ...rest) => [thamkhlang.arriving(), ...rest]"
"""JavaScript that lets asking.js say what is wished for, in the place of a part that is never shown."""
_SHOWN = ("said", "live", "past", "sources", "box", "talk", "talks", "following")
"""The parts that a question changes, in the order in which they are given back."""
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def mount(app: Starlette, house: House) -> Starlette:
    """`app` with the page at / and its assets at /page; routes that `app` has already come first."""
    _speak_thai()
    blocks = _page(house).queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE, api_open=False)
    # After every event Gradio would sum up its last 10,000 with pandas, for a dashboard that is not served.
    blocks._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    app.mount("/page", StaticFiles(directory=ASSETS), name="page")
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        show_error=False,
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        root_path="",
        theme=gr.themes.Base(font=["Noto Sans Thai Looped", "sans-serif"], font_mono=["monospace"]),
    )
    mounted: Any = app.routes[-1]
    mounted.app = Gate(mounted.app, {number: len(function.inputs) for number, function in blocks.fns.items()})
    return app


def _speak_thai() -> None:
    """Makes Gradio's page say from the start that it is Thai, whose it is, and nothing of Gradio's own site."""
    name = "frontend/index.html"
    plain = jinja2.FileSystemLoader(routes.STATIC_TEMPLATE_LIB)
    source = plain.get_source(routes.templates.env, name)[0]
    source = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>', "", source)
    source = source.replace('lang="en"', 'lang="th"', 1).replace("<title>Gradio</title>", "", 1)
    source = re.sub(r"(<base [^>]*>)", lambda base: base[0] + page.head(), source, count=1)
    source = source.replace("<gradio-app", page.opening() + "<gradio-app", 1)
    routes.templates.env.loader = jinja2.ChoiceLoader([jinja2.DictLoader({name: source}), plain])


def _page(house: House) -> Any:
    """The page's parts and what happens on it."""
    with gr.Blocks(title=WORDS["title"], analytics_enabled=False, fill_width=True, fill_height=True) as blocks:
        parts = SimpleNamespace(
            past=gr.State(()),
            talk=gr.BrowserState("", storage_key=_BROWSER, secret=_BROWSER),
            talks=gr.BrowserState([], storage_key=f"{_BROWSER}s", secret=_BROWSER),
            wish=gr.Textbox(visible=False),
            **{name: gr.Button(visible="hidden", elem_id=f"do-{name}") for name in ("ask", "open", "erase", "list")},
        )
        _lay_out(parts, house)
        _answering(parts, house)
        _remembering(parts, house)
        blocks.load(_arrival(house), [parts.wish], parts.arriving, js=_ARRIVING, **_QUIET)
        back = blocks.load(_return(house), [parts.wish, parts.talk], _shown(parts), js=_COMING_BACK, **_QUIET)
        back.then(None, None, None, js="() => thamkhlang.begin()", **_QUIET)
    return blocks


def _lay_out(parts: SimpleNamespace, house: House) -> None:
    """Sets the page's parts, from the top."""
    anybody = stranger(house.settings)  # the page is sent before it is known who asks
    documents = house.seen_by(anybody).store.status().documents
    with gr.Row(elem_id="top"):
        heading = _html(page.heading(documents, anybody), "heading")
        _html(talks.opener(), "talks-opener")
        parts.anew = gr.Button(WORDS["anew"], elem_id="anew", size="sm", scale=0)
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talks", scale=1):
            _html(talks.head(), "talks-head")
            parts.listed = _html("", "talks-list")
        with gr.Column(elem_id="talk", scale=3):
            with gr.Column(elem_id="stage"):
                welcome, examples = _html(page.welcome(documents, anybody), "welcome"), _html("", "examples")
                with gr.Column(elem_id="chat"):
                    parts.said, parts.live = _html("", "said"), _html("", "live")
                parts.following = _html("", "following")
            limited = _html("", "limits")
            with gr.Row(elem_id="entry"):
                words = {"label": WORDS["question"], "placeholder": WORDS["placeholder"]}
                parts.box = gr.Textbox(**words, elem_id="question", max_lines=4, autofocus=True)
                parts.send = gr.Button(WORDS["ask"], variant="primary", elem_id="ask", scale=0)
                parts.stop = gr.Button(BOOK["asking"]["stop"], elem_id="stop", scale=0)
            _html(page.erasing(), "erasing")
        with gr.Column(elem_id="beside", scale=2):
            parts.sources = _html(page.sources(()), "sources")
    _html(page.forms(house.settings.public_url), "forms")
    parts.arriving = [heading, welcome, examples, limited]


def _html(value: str, name: str) -> Any:
    """A part made of our own HTML. Gradio's Chatbot is not used: it names each message for screen readers by its markup."""
    return gr.HTML(value, elem_id=name, js_on_load=None, apply_default_css=False)


def _shown(parts: SimpleNamespace) -> list[Any]:
    return [getattr(parts, name) for name in _SHOWN]


def _changed(**changes: Any) -> tuple[Any, ...]:
    """What becomes of the parts `_SHOWN`; those not named stay as they are."""
    return tuple(changes.get(name, gr.skip()) for name in _SHOWN)


def _seen(house: House, request: Any) -> House:
    """The house as whoever sent Gradio's `request` may see it."""
    return house.seen_by(person_of(request.request))


def _answering(parts: SimpleNamespace, house: House) -> None:
    """What asks, what stops that, and what may be asked next; `_AT_ONCE` questions are answered at a time."""
    quiet = Quiet()
    limit: dict[str, Any] = {"concurrency_limit": _AT_ONCE, "concurrency_id": "ask", **_QUIET}
    given, shown = [parts.box, parts.wish, parts.past, parts.talk, parts.talks], _shown(parts)
    ask = _asks(house, quiet)
    typed = gr.on([parts.box.submit, parts.send.click], ask, given, shown, js=_TYPED, **limit)
    wished = parts.ask.click(ask, given, shown, js=f"(_, ...rest) => ['', ...({_WISHED})(...rest)]", **limit)
    for asked in (typed, wished):
        asked.failure(_broken, [parts.wish], [parts.live], js=_LAST, queue=False, **_QUIET)
        asked.success(
            _follows(house, quiet),
            [parts.past, parts.talk],
            [parts.following],
            concurrency_limit=1,
            concurrency_id="next",
            **_QUIET,
        )
    parts.stop.click(_stopped, [parts.wish], [parts.live], js=_LAST, cancels=[typed, wished], queue=False, **_QUIET)
    parts.anew.click(_anew, None, shown, cancels=[typed, wished], **_QUIET)


def _asks(house: House, quiet: Quiet) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """Asks what stands in the question box or, in its place, what is wished for."""

    def ask(
        words: str, told: str, past: tuple[Exchange, ...], talk: str, known: list[str], request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        wished = wish(told)
        question = (wished.question or words or "").strip()
        past, talk = ((), "") if wished.anew else (past, talk)
        talk = talk or fresh_id()
        if question:
            known = [talk, *(one for one in known or () if one != talk)][:_KNOWN]
            box = {} if wished.question else {"box": ""}
            said = page.conversation(past)
            yield _changed(said=said, live=page.asking(question), talk=talk, talks=known, following="", **box)
            with quiet.broken():
                yield from _steps(_seen(house, request), question, wished, past, talk)

    return ask


def _steps(house: House, question: str, wished: Wish, past: tuple[Exchange, ...], talk: str) -> Iterator[tuple[Any, ...]]:
    """What changes while `question` is answered: the text as far as it has come, again and again, then the whole exchange."""
    wanted = wire.to_filter(wished.filter.model_dump())
    asking = Asking(question=question, wanted=wanted, without=wished.without, conversation=talk, face="page")
    said = ""
    try:
        for piece in conversation.pieces(house, asking):
            if isinstance(piece, Told):
                step = page.exchange(piece.n, question, piece.reply, house.store.document, talk, house.person)
                step = page.unkept(step, piece.unkept)
            else:
                said += piece
                yield _changed(live=page.asking(question, said))
    except (AssistantError, StoreError) as error:
        step = page.failed(question, str(error))
    past = (*past, step)[-_LONGEST:]
    yield _changed(said=page.conversation(past), live="", past=past, sources=page.sources(past))


def _broken(told: str) -> str:
    return page.trouble(wish(told).question)


def _stopped(told: str) -> str:
    return page.stopped(wish(told).question)


def _follows(house: House, quiet: Quiet) -> Callable[..., str]:
    """What may be asked next, worked out after an answer is shown and while nobody waits for one."""
    following = suggesting.Next(house, quiet)

    def follow(past: tuple[Exchange, ...], talk: str, request: gr.Request) -> str:
        last = past[-1] if past else None
        if not last or not last.documents:
            return ""
        heading, asked = BOOK["asking"]["following" if last.quotes else "answerable"], [one.question for one in past]
        with contextlib.suppress(StoreError):
            questions = following.questions(person_of(request.request).groups, last, asked)
            return suggesting.buttons(questions, "next", heading, f"{talk} {last.n}")
        return ""

    return follow


def _anew() -> tuple[Any, ...]:
    """An empty page, whose first question begins another conversation: the one before stays in the record."""
    return _changed(said="", live="", past=(), sources=page.sources(()), box="", talk="", following="")


def _remembering(parts: SimpleNamespace, house: House) -> None:
    """What lists, opens and erases kept conversations."""
    given = [parts.wish, parts.talk, parts.talks]

    def list_(told: str, talk: str, known: list[str], request: gr.Request) -> str:
        text = wish(told).text
        return talks.listed(_seen(house, request).store.conversations.summaries([*(known or ()), talk], text), talk, text)

    def erase(told: str, talk: str, known: list[str], request: gr.Request) -> tuple[Any, ...]:
        name = wish(told).talk or talk
        with contextlib.suppress(UnknownConversation, MisnamedConversation):
            _seen(house, request).store.conversations.erase(name)
        rest = [one for one in known or () if one != name]
        return (*(_anew() if name == talk else _changed())[:-2], rest, "" if name == talk else gr.skip())

    def open_(told: str, request: gr.Request) -> tuple[Any, ...]:
        return _kept(_seen(house, request), wish(told).talk)

    parts.list.click(list_, given, [parts.listed], js=_WISHED, trigger_mode="always_last", **_QUIET)
    parts.open.click(open_, [parts.wish], _shown(parts), js=_WISHED, **_QUIET)
    erased = parts.erase.click(erase, given, _shown(parts), js=_WISHED, **_QUIET)
    erased.then(list_, given, [parts.listed], js=_LISTING, **_QUIET)


def _return(house: House) -> Callable[..., tuple[Any, ...]]:
    """What somebody who comes back is shown: the conversation whose name the browser kept, where it is in the record."""

    def come_back(told: str, talk: str, request: gr.Request) -> tuple[Any, ...]:
        return _changed() if wish(told).anew else _kept(_seen(house, request), talk)

    return come_back


def _kept(house: House, talk: str) -> tuple[Any, ...]:
    try:
        turns = house.store.conversations.turns(talk)[-_LONGEST:]
    except (UnknownConversation, MisnamedConversation):
        return _changed(talk="")  # it may be another's who has used this browser
    house.note_seen("document.cited", (source for turn in turns for source in wire.sources(turn.reply)))
    rated = house.store.feedback.of(talk)
    past = tuple(page.kept(turn, house.store.document, talk, rated.get(turn.n), house.person) for turn in turns)
    said = page.conversation(past)
    return _changed(said=said, live="", past=past, sources=page.sources(past), talk=talk, following="")


def _arrival(house: House) -> Callable[..., tuple[str, ...]]:
    """What somebody who comes to the page is shown: the archive's size, how to ask, questions that it answers, its limits."""
    examples = suggesting.answered(house)

    def arrive(told: str, request: gr.Request) -> tuple[str, ...]:
        seen, person = _seen(house, request), person_of(request.request)
        documents = seen.store.status().documents
        shown = suggesting.buttons(examples(person.groups), "example", WORDS["examples"])
        limited = filters.form(seen.store, wish(told).document)
        return page.heading(documents, person), page.welcome(documents, person), shown, limited

    return arrive
