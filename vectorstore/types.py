"""The nouns of the archive: what is stored and what is found.

Offsets are 0-based character indexes into `Document.text`, end exclusive. Years are Gregorian everywhere inside;
faces show the Buddhist Era. Pages are 1-based; None where the format has no pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from vectorstore.dates import years

BlockKind = Literal["heading", "paragraph", "list_item", "table_row"]
DocumentKind = Literal["minutes", "project", "notes", "news", "report"]

Doubt = Literal["ocr", "hidden"]
"""Why words of a document are to be shown with a warning: a machine read them off a picture; or nobody who looks at the source
sees them (white, tiny, off the page, marked hidden)."""

Standing = Literal["draft", "approved"]
"""What minutes say of themselves: not yet approved by the meeting, or approved; most say nothing."""

BLOCK_KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "list_item", "table_row")
DOCUMENT_KINDS: tuple[DocumentKind, ...] = ("minutes", "project", "notes", "news", "report")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One structural unit of a document's text, never empty, in order and without overlap.

    A resolution is the paragraph that states it followed by the list items that it introduces; a table row is one
    block, its cells joined by " | ". `section` is the path of headings above the block, outermost first; a heading's
    own path ends with itself.
    """

    start: int
    end: int
    kind: BlockKind
    section: tuple[str, ...] = ()
    page: int | None = None
    doubt: Doubt | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where the span is empty or the kind unknown."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"block span {self.start}:{self.end} is empty or negative")
        if self.kind not in BLOCK_KINDS:
            raise ValueError(f"block kind {self.kind!r} is none of {', '.join(BLOCK_KINDS)}")


def doubt_of(blocks: Iterable[Block], start: int, end: int) -> Doubt | None:
    """What is doubtful about the characters `start` to `end` (0-based, end exclusive): "hidden" where any of them are."""
    doubts = {block.doubt for block in blocks if block.start < end and start < block.end}
    return "hidden" if "hidden" in doubts else "ocr" if "ocr" in doubts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a list shows of a document: everything but its text.

    `id` is the SHA-256 of the source's bytes, in hex. `source` names where it came from (a path below the folder
    that was added, or an export's id); a later document of the same source replaces it with `version` one higher.
    `date` is the day it reports on, ISO 8601 (YYYY-MM-DD, YYYY-MM or YYYY); `dates` all that it names.
    `status` is what minutes say of themselves, and `meeting` whose and which meeting they are of ("คณะทำงานป่าชุมชน 3/2566",
    the year Buddhist): a draft and its approved minutes have the same.
    """

    id: str
    source: str
    title: str
    kind: DocumentKind = "report"
    date: str | None = None
    dates: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    url: str | None = None
    version: int = 1
    characters: int = 0
    """Length of the text."""
    status: Standing | None = None
    meeting: str | None = None

    @property
    def years(self) -> frozenset[int]:
        """The Gregorian years that the document is of: its date's and those in its title, else all that it names."""
        own = {year.value for year in years(self.title)} | ({int(self.date[:4])} if self.date else set())
        return frozenset(own or {int(date[:4]) for date in self.dates})


FactName = Literal["subdistrict", "meeting_place", "reporter", "attendee", "absent", "amount", "period", "area", "abbreviation"]
"""What a document says of itself beside its header: `period` is an interval of ISO dates (2009-03/2010-08), `attendee` and
`absent` a name with its role behind " · ", `abbreviation` the short form with what it stands for behind " = "; the others
are its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a document says of itself."""

    name: FactName
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a meeting resolved, as its document records it: a row of the register.

    `decision` is the document's text from `start` to `end` (0-based, end exclusive); `section` the agenda item's path.
    `source` names the document, `meeting` is its title, `date` the day of the meeting (ISO 8601), `place` where it was held.
    `assigned` are those who are to carry it out, in the document's words. `due_said` is how it says until when, and `due`
    the last day of that (YYYY-MM-DD; of a month its last), None where no calendar tells: within 30 days.
    """

    document_id: str
    source: str
    meeting: str
    date: str | None = None
    place: str | None = None
    section: tuple[str, ...] = ()
    decision: str
    assigned: tuple[str, ...] = ()
    due: str | None = None
    due_said: str | None = None
    page: int | None = None
    start: int
    end: int

    def __post_init__(self) -> None:
        """Raises ValueError where the span and the decision differ in length."""
        if len(self.decision) != self.end - self.start or not self.decision:
            raise ValueError(f"resolution at {self.start}:{self.end} does not fit {len(self.decision)} characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Header):
    """A document as the archive keeps it: repaired text and its blocks, and what was found in them."""

    text: str
    blocks: tuple[Block, ...]
    facts: tuple[Fact, ...] = ()
    resolutions: tuple[Resolution, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where blocks overlap, are out of order or leave the text."""
        end = 0
        for block in self.blocks:
            if block.start < end or block.end > len(self.text):
                raise ValueError(f"{self.source}: block {block.start}:{block.end} overlaps or leaves the text")
            end = block.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a source: the document's id and title, its number from 1, when it was added (UTC, ISO 8601)."""

    document_id: str
    source: str
    title: str
    version: int
    added_at: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of a document that is searched as one: `document.text[start:end] == text`."""

    id: str
    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...] = ()
    page: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where the span and the text differ in length."""
        if len(self.text) != self.end - self.start or not self.text:
            raise ValueError(f"passage {self.id}: span {self.start}:{self.end} does not fit {len(self.text)} characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a search found.

    `score` is how surely it answers, 0 to 1, as learned on questions about government news; `lexical` its BM25 score and
    `dense` its cosine similarity, comparable within one search only. `others` are documents that say the same in the same
    words: the same news published again.
    """

    passage: Passage
    document: Header
    score: float
    lexical: float
    dense: float
    others: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing that a question names, in all the words that the archive may use for it.

    `required` where an answer about anything else would mislead: a year, a place, the number of a meeting.
    `name` is how a refusal calls it.
    """

    name: str
    alternatives: tuple[str, ...]
    weight: float = 1.0
    required: bool = False
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which documents may be searched. An empty field asks for nothing; several values of one field are alternatives.

    `years` are Gregorian (the faces translate); `documents` are ids or source names; `provinces` and `districts` Thai names
    without จังหวัด and อำเภอ; `organisations` full names.
    """

    years: tuple[int, ...] = ()
    provinces: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.documents or any(self.facts.values()))

    @property
    def facts(self) -> dict[str, tuple[int | str, ...]]:
        """What is asked for, by the name of the fact that a document must have."""
        return {
            "year": self.years,
            "province": self.provinces,
            "kind": self.kinds,
            "district": self.districts,
            "organisation": self.organisations,
        }

    def admits(self, document: Header) -> bool:
        """Whether `document` may be searched."""
        return (
            (not self.years or not document.years.isdisjoint(self.years))
            and (not self.provinces or not set(self.provinces).isdisjoint(document.provinces))
            and (not self.kinds or document.kind in self.kinds)
            and (not self.districts or not set(self.districts).isdisjoint(document.districts))
            and (not self.organisations or not set(self.organisations).isdisjoint(document.organisations))
            and (not self.documents or document.id in self.documents or document.source in self.documents)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the archive stands. `index` is "ready", or "exact" while vectors are searched in the record itself.

    `personal` data is "masked" in the record; "hidden" where it is still there and masked as it is read; or "kept" and shown.
    `unswept` is since when (UTC, ISO 8601) the indexes' files may have bytes of what was removed, None where they have none.
    """

    documents: int
    passages: int
    index: Literal["ready", "exact"]
    embedding: str
    dimension: int
    problem: str | None = None
    personal: Literal["masked", "hidden", "kept"] = "masked"
    unswept: str | None = None
