"""The nouns of a conversation: what is asked and what is said."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote as encoded

from vectorstore.gazetteer import Place
from vectorstore.types import Concept as Concept
from vectorstore.types import Doubt, Filter, Header

Language = Literal["th", "en"]
Wanted = Literal["text", "amount", "money", "when", "where", "who", "resolution", "list"]
"""What kind of thing answers a question; "text" where nothing particular shows."""
Reason = Literal["not_in_archive", "detail_not_found", "unreadable_scan", "personal_data", "no_question", "empty_archive"]


Fallback = Literal["unsupported", "timeout", "unavailable", "rate_limited", "refused", "misset", "empty", "garbled", "too_long"]
"""Why a language model's words were not used, or no more of them: the quotes do not bear them; no end in time; it cannot be
reached, fails or breaks off; too many requests; it declines; its key or name is wrong; it says nothing; it sends what is no
answer; it does not stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One earlier message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


ReadingKind = Literal["year", "date", "place", "abbreviation", "spelling", "translation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a part of a question was taken to mean, so that a person can see it, and take it back by its `id`.

    `said` is that part as it is written, `forms` the words that it was taken for; `first` and `last` (YYYY-MM-DD, both
    included) the days it names, `years` the Gregorian years, `fiscal` where of the budget; `places` what it may be.
    """

    kind: ReadingKind
    said: str
    forms: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    years: tuple[int, ...] = ()
    fiscal: bool = False
    places: tuple[Place, ...] = ()

    @property
    def id(self) -> str:
        """The name under which `understand(without=...)` takes it back: spelling:สุพรรน."""
        return f"{self.kind}:{self.said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as it was understood.

    `asked` is what was typed, repaired; `text` the same made to stand alone; `wanted` what it asks
    for, the first first; `per` the unit for each of which it asks for a sum or a number, in the words it goes by;
    `readings` what its parts were taken to mean, in their order; `carried` whether `text` has words of an earlier question;
    `without` what it was not to be taken to mean.
    """

    asked: str
    text: str
    language: Language
    wanted: tuple[Wanted, ...] = ("text",)
    per: tuple[str, ...] = ()
    concepts: tuple[Concept, ...] = ()
    filter: Filter = field(default_factory=Filter)
    readings: tuple[Reading, ...] = ()
    carried: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where the words of an answer stand: `quote` is the document's text from `start` to `end` (0-based, end exclusive).

    `n` is the number in the answer's marker, from 1; `page` is 1-based, None where the source has no pages; `others` are
    documents that say the same in the same words, and drafts of the minutes that are quoted. `doubt` tells where the words
    are to be compared with the original.
    """

    n: int
    document: Header
    page: int | None
    section: tuple[str, ...]
    quote: str
    start: int
    end: int
    others: tuple[Header, ...] = ()
    doubt: Doubt | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where the quote cannot be what stands at the span."""
        if len(self.quote) != self.end - self.start or not self.quote:
            raise ValueError(f"citation {self.n}: span {self.start}:{self.end} does not fit {len(self.quote)} characters")

    @property
    def link(self) -> str:
        """See `link`."""
        return link(self.document.id, self.start, self.end, self.page)


def link(document_id: str, start: int, end: int, page: int | None = None) -> str:
    """Where the face opens a document at the characters `start` to `end` (0-based, end exclusive) of its text.

    A path on the server, such as /documents/3f…#p=2&s=812-1104; the page is left out where the source has none.
    """
    shown = f"p={page}&" if page else ""
    return f"/documents/{encoded(document_id, safe='')}#{shown}s={start}-{end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, with a citation behind every marker [n] in its text.

    `by` names the language model that worded it, None where it is the archive's own words alone. `dropped` is the number of
    the model's sentences that were taken out because nothing cited bears them. `fallback` tells why the model's words were
    not used or, beside `by`, why they end early; None where no model was asked or it was heard out.
    """

    query: Query
    text: str
    citations: tuple[Citation, ...]
    by: str | None = None
    dropped: int = 0
    fallback: Fallback | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for an answer without citations: that would have to be a refusal."""
        if not self.citations:
            raise ValueError("an answer without citations is no answer")

    @property
    def sources(self) -> frozenset[str]:
        """Of all documents that it names."""
        return frozenset(one.source for cited in self.citations for one in (cited.document, *cited.others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """No answer, and why.

    `missing` names what the archive does not have, or the scans that may have it; `nearest` documents that may help.
    """

    query: Query
    reason: Reason
    missing: tuple[str, ...] = ()
    nearest: tuple[Header, ...] = ()

    @property
    def sources(self) -> frozenset[str]:
        """Of all documents that it names."""
        return frozenset(one.source for one in self.nearest)
