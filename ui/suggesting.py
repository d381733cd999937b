"""Questions that the page suggests: to begin with, and after an answer from the documents it names. Each is tried first."""

import contextlib
import math
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer, Refusal
from ui.compose import House
from ui.markup import inert, inert_json
from ui.page import Exchange
from ui.quiet import Quiet
from ui.words import BOOK
from vectorstore import Store, thai
from vectorstore.errors import StoreError, UnknownDocument
from vectorstore.types import Document, Header, Resolution

_WORDS = BOOK["asking"]
_LATEST = 12
"""Documents that are thought of for examples."""
_EXAMPLES, _NEXT = 4, 3
"""How many questions are shown, at most."""
_TRIED = 6
"""How many next questions are tried of one document, at most."""
_DOCUMENTS = 2
_PATIENCE_S = 8.0
"""How long next questions wait for others' answers; after that there are none."""
_LONGEST_ITEM = 70
_NUMBERED = re.compile("^(?:(?:ระเบียบ)?วาระ(?:ที่)? ?)?[0-9๐-๙.]* *(?:เรื่อง)? *")
_REPORT = re.compile("^(?:(?:รายงาน|บันทึก)การประชุม|บันทึก(?:การ)?ลงพื้นที่|[ก-๎]+: ?)")
_SAYS_NOTHING = re.compile("ทราบ|รับรองรายงาน|สืบเนื่อง|อื่น ?ๆ|พิจารณา$|ประธานแจ้ง|เลิกประชุม")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question that a document may answer, and words that its answer then has: any, where they are not known."""

    question: str
    document: Header
    answer: str = ""

    def fits(self, reply: Answer | Refusal) -> bool:
        """Whether `reply` quotes the document, and more of it than its title."""
        return any(self.answer in quote for quote in quotes(reply, self.document))


def quotes(reply: Answer | Refusal, document: Header) -> tuple[str, ...]:
    """What a reply quotes of a document beside its title."""
    cited = reply.citations if isinstance(reply, Answer) else ()
    return tuple(one.quote for one in cited if one.document.id == document.id and one.quote not in document.title)


def examples(headers: Sequence[Header], most: int = 12) -> list[Example]:
    """Questions to try: written ones for the bundled samples, then by kind and title."""
    by_source = {header.source: header for header in headers}
    written = [
        Example(question=one["question"], document=by_source[one["source"]], answer=one["answer"])
        for one in BOOK["samples"]
        if one["source"] in by_source
    ]
    rules = BOOK["rules"]
    ruled = [Example(question=rules[header.kind].format(title=header.title), document=header) for header in headers[:most]]
    return (written + ruled)[:most]


def answered(house: House) -> Callable[[frozenset[str] | None], list[str]]:
    """Example questions for those of some groups, tried before they are shown, and again when there are others to try."""

    @lru_cache(maxsize=16)
    def works(groups: frozenset[str] | None, _: int, some: tuple[Example, ...]) -> list[str]:
        assistant = Assistant(house.store.seen_by(groups))
        return list(islice((one.question for one in some if _works(assistant, one)), _EXAMPLES))

    def questions(groups: frozenset[str] | None) -> list[str]:
        store = house.store.seen_by(groups)
        return works(groups, store.status().documents, tuple(examples(_headers(store))))

    return questions


def _headers(store: Store) -> list[Header]:
    """The bundled samples that written questions are about, and the latest documents."""
    written: list[Header] = []
    for one in BOOK["samples"]:
        with contextlib.suppress(UnknownDocument):
            written.append(store.find(one["source"]))
    return [*(one.header for one in store.listing.find(limit=_LATEST)[1]), *written]


def _works(assistant: Assistant, example: Example) -> bool:
    try:
        return example.fits(assistant.ask(example.question))
    except (AssistantError, StoreError):
        return False


def following(document: Document) -> Iterator[str]:
    """Questions that the document's own structure promises an answer to: its resolutions, sections, then its kind."""
    subject = document.meeting or _REPORT.sub("", document.title).strip() or document.title
    rows = [(row, item) for row in document.resolutions if (item := _item(row))]
    for row, item in rows[:2]:
        yield _WORDS["next"]["resolution"].format(subject=subject, item=item)
        if row.assigned:
            yield _WORDS["next"]["assigned"].format(subject=subject, item=item)
    headings = " ".join(block.section[-1] for block in document.blocks if block.kind == "heading" and block.section)
    for one in _WORDS["headings"]:
        if re.search(one["heading"], headings):
            yield one["question"].format(subject=subject)
    if any(fact.name == "amount" and fact.value.endswith("บาท") for fact in document.facts):
        yield _WORDS["next"]["money"].format(subject=subject)
    yield BOOK["rules"][document.kind].format(title=document.title)


def _item(row: Resolution) -> str:
    """What a resolution is about, in a few words of its agenda; '' where the agenda does not say."""
    item = _NUMBERED.sub("", row.section[-1]).strip() if row.section else ""
    return item if 3 < len(item) <= _LONGEST_ITEM and not _SAYS_NOTHING.search(item) else ""


class Next:
    """What may be asked next, after an answer or a refusal that names documents."""

    def __init__(self, house: House, quiet: Quiet) -> None:
        """Questions are tried when it is `quiet`, and what came of it is remembered for those who see the same."""
        self._house, self._quiet = house, quiet
        self._quoted = lru_cache(maxsize=2_000)(partial(_tried, house))

    def questions(
        self, groups: frozenset[str] | None, last: Exchange, asked: Collection[str], *, within_s: float = math.inf
    ) -> list[str]:
        """Up to three that the documents of `last` answer with words that it has not quoted, and that were not `asked`.

        They are for those of some `groups`, None: who sees everything. After `within_s` seconds no more are tried.
        """
        store = self._house.store.seen_by(groups)
        known = {thai.fold(one) for one in asked}
        said, found, until = set(last.quotes), [], time.monotonic() + within_s
        for name, question in self._proposed(store, last, known):
            if not self._quiet.wait(min(_PATIENCE_S, within_s)) or time.monotonic() > until:
                break
            new = set(self._quoted(groups, store.status().documents, name, question))
            if new and not new <= said:
                said |= new
                found.append(question)
            if len(found) == _NEXT:
                break
        return found

    @staticmethod
    def _proposed(store: Store, last: Exchange, known: Collection[str]) -> Iterator[tuple[str, str]]:
        for name in last.documents[:_DOCUMENTS]:
            fresh = (one for one in dict.fromkeys(following(store.document(name))) if thai.fold(one) not in known)
            yield from ((name, question) for question in islice(fresh, _TRIED))


def _tried(house: House, groups: frozenset[str] | None, documents: int, name: str, question: str) -> tuple[str, ...]:
    """What the answer to `question` quotes of the document `name`, in an archive of so many `documents` that `groups` see."""
    store = house.store.seen_by(groups)
    try:
        return quotes(Assistant(store).ask(question), store.find(name))
    except (AssistantError, StoreError):
        return ()


def buttons(questions: Sequence[str], name: str, heading: str, after: str = "") -> str:
    """HTML of questions that are asked by a click; '' where there are none.

    `after` is the reply that they follow, its conversation's name and its number: page.js hides those of another.
    """
    items = "".join(
        f'<li><button type="button" class="{name}" data-wish="{inert_json({"question": one})}">{inert(one)}</button></li>'
        for one in questions
    )
    return f'<div data-after="{inert(after)}"><h2>{inert(heading)}</h2><ul>{items}</ul></div>' if questions else ""
