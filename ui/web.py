"""The chat page: the only door to Gradio, mounted at the root of the app that serves the API."""

import contextlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import Assistant
from assistant.errors import AssistantError
from ui import conversation, page
from ui.compose import House
from ui.conversation import Asking
from ui.page import Example, Exchange
from ui.words import ASSETS, WORDS
from vectorstore import Store
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

_EXAMPLES = 4
_AT_ONCE = 4
"""Questions answered at the same time; the others wait."""
_WAITING = 40
"""Questions that may wait."""
_LONGEST = 100
"""Questions of one conversation that are shown."""
_BROWSER = "thamkhlang-conversation"
"""Under what the browser keeps the conversation's name; Gradio encrypts it with a word that every browser is told."""
_KEPT = re.compile(
    "/|/config|/theme.css|/favicon.ico|/robots.txt|/manifest.json|/(?:assets|static|svelte)/.*"
    "|/gradio_api/(?:queue/join|queue/data|run/predict|cancel|reset|startup-events|theme.css|heartbeat/[a-z0-9]+)"
)
"""The paths that the page needs of Gradio. Its others (uploads, files of this machine, recordings) are not served."""
_MAX_BODY = 100_000
"""Largest body that the page sends, in bytes: a question."""
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
    mounted.app = _only_what_the_page_needs(mounted.app)
    return app


def _only_what_the_page_needs(app: ASGIApp) -> ASGIApp:
    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            length = dict(scope["headers"]).get(b"content-length", b"0")
            endless = b"transfer-encoding" in dict(scope["headers"])
            if not _KEPT.fullmatch(path) or endless or not length.isdigit() or int(length) > _MAX_BODY:
                return await Response(status_code=413 if _KEPT.fullmatch(path) else 404)(scope, receive, send)
        await app(scope, receive, send)

    return gate


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
    documents = house.store.status().documents
    with gr.Blocks(title=WORDS["title"], analytics_enabled=False, fill_width=True, fill_height=True) as blocks:
        past = gr.State(())
        talk = gr.BrowserState("", storage_key=_BROWSER, secret=_BROWSER)
        with gr.Row(elem_id="top"):
            heading = _html(page.heading(documents), "heading")
            anew = gr.Button(WORDS["anew"], elem_id="anew", size="sm", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3):
                with gr.Column(elem_id="stage"):
                    welcome = _html(page.welcome(documents), "welcome")
                    examples, buttons = _examples()
                    chat = _html("", "chat")
                with gr.Row(elem_id="entry"):
                    words = {"label": WORDS["question"], "placeholder": WORDS["placeholder"]}
                    box = gr.Textbox(**words, elem_id="question", max_lines=4, autofocus=True)
                    send = gr.Button(WORDS["ask"], variant="primary", elem_id="ask", scale=0)
                erase = gr.Button(WORDS["erase"], elem_id="erase", size="sm", scale=0)
                _html(page.adding(house.settings.max_upload_mb), "adding")
            with gr.Column(elem_id="beside", scale=2):
                sources = _html(page.sources(()), "sources")
        shown = [chat, past, sources, box, talk]
        answering = [_asks(house, [box.submit, send.click], [box, past, talk], shown)]
        answering += [_asks(house, [button.click], [button, past, talk], shown) for button in buttons]
        anew.click(_anew, None, shown, cancels=answering, **_QUIET)
        erase.click(_erased(house), [talk], shown, cancels=answering, **_QUIET)
        blocks.load(_arrival(house), None, [heading, welcome, examples, *buttons], **_QUIET)
        blocks.load(_return(house), [talk], shown, **_QUIET)
    return blocks


def _html(value: str, name: str) -> Any:
    """A part made of our own HTML. Gradio's Chatbot is not used: it names each message for screen readers by its markup."""
    return gr.HTML(value, elem_id=name, js_on_load=None, apply_default_css=False)


def _examples() -> tuple[Any, list[Any]]:
    with gr.Column(elem_id="examples", visible=False) as column:
        _html(f"<h2>{page.inert(WORDS['examples'])}</h2>", "examples-heading")
        buttons = [gr.Button("", visible=False, elem_classes="example") for _ in range(_EXAMPLES)]
    return column, buttons


def _asks(house: House, triggers: Sequence[Any], given: Sequence[Any], shown: Sequence[Any]) -> Any:
    """Lets `triggers` ask `given`: the question, what is on the page, and the conversation's name; `_AT_ONCE` at a time."""

    def ask(question: str, past: tuple[Exchange, ...], talk: str) -> Iterator[tuple[Any, ...]]:
        if question.strip():
            yield from _shown(house, question.strip(), past, talk)

    past = given[1]
    asked = gr.on(triggers, ask, given, shown, concurrency_limit=_AT_ONCE, concurrency_id="ask", **_QUIET)
    asked.failure(lambda past: page.conversation(past) + page.trouble(), [past], shown[:1], queue=False, **_QUIET)
    return asked


def _shown(house: House, question: str, past: tuple[Exchange, ...], talk: str) -> Iterator[tuple[Any, ...]]:
    """What changes on the page while `question` is answered: conversation, memory, sources, question box, its name."""
    same = gr.skip()
    talk = talk or fresh_id()
    yield page.conversation(past, question, page.coming()), same, same, "", talk
    for step in _steps(house, question, past, talk):
        if isinstance(step, str):
            yield page.conversation(past, question, page.coming(step)), same, same, same, same
        else:
            past = (*past, step)[-_LONGEST:]
            yield page.conversation(past), past, page.sources(past), same, same


def _steps(house: House, question: str, past: Sequence[Exchange], talk: str) -> Iterator[str | Exchange]:
    """The answer's text as far as it has come, again and again, then the whole exchange."""
    n = past[-1].n + 1 if past else 1
    said = ""
    try:
        asking = Asking(question=question, conversation=talk, face="page")
        for piece in conversation.stream(house, asking):
            if isinstance(piece, str):
                said += piece
                yield said
            else:
                yield page.exchange(n, question, piece, house.store.document)
    except (AssistantError, StoreError) as error:
        yield page.failed(n, question, str(error))


def _anew() -> tuple[Any, ...]:
    """An empty page, whose first question begins another conversation: the one before stays in the record."""
    return "", (), page.sources(()), "", ""


def _erased(house: House) -> Callable[[str], tuple[Any, ...]]:
    def erase(talk: str) -> tuple[Any, ...]:
        with contextlib.suppress(UnknownConversation, MisnamedConversation):
            house.store.conversations.erase(talk)
        return _anew()

    return erase


def _return(house: House) -> Callable[[str], tuple[Any, ...]]:
    """What somebody who comes back is shown: the conversation whose name the browser kept, where it is in the record."""

    def come_back(talk: str) -> tuple[Any, ...]:
        same = gr.skip()
        try:
            turns = house.store.conversations.turns(talk)[-_LONGEST:]
        except (UnknownConversation, MisnamedConversation):
            return same, same, same, same, same
        past = tuple(page.kept(n, turn, house.store.document) for n, turn in enumerate(turns, start=1))
        return page.conversation(past), past, page.sources(past), same, same

    return come_back


def _arrival(house: House) -> Callable[[], list[Any]]:
    """What somebody who comes to the page is shown: the archive's size, how to ask, and questions that it answers."""
    examples = _answered(house.store)

    def arrive() -> list[Any]:
        documents = house.store.status().documents
        questions = examples(documents)
        buttons = [gr.update(value=question, visible=True) for question in questions]
        buttons += [gr.update(visible=False)] * (_EXAMPLES - len(questions))
        return [page.heading(documents), page.welcome(documents), gr.update(visible=bool(questions)), *buttons]

    return arrive


def _answered(store: Store) -> Callable[[int], list[str]]:
    """Example questions, tried before they are shown; tried again when the number of documents has changed."""
    assistant = Assistant(store)

    @lru_cache(maxsize=1)
    def questions(documents: int) -> list[str]:
        tried = (example.question for example in page.examples(store.documents()) if _works(assistant, example))
        return list(islice(tried, _EXAMPLES)) if documents else []

    return questions


def _works(assistant: Assistant, example: Example) -> bool:
    try:
        return example.fits(assistant.ask(example.question))
    except (AssistantError, StoreError):
        return False
