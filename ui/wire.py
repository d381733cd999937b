"""Our nouns as JSON: the same objects on the command line and over HTTP. Field names are English and stable."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from assistant.types import Answer, Citation, Query, Reading, ReadingKind, Refusal, link
from ui.messages import refusal
from vectorstore import glossary, thai
from vectorstore.conversations import KeptTurn
from vectorstore.erasing import Erasure
from vectorstore.types import Document, Doubt, Filter, Header, Hit, Version, doubt_of


def reply(said: Answer | Refusal, public_url: str = "") -> dict[str, Any]:
    """An answer or a refusal; `public_url` is what links begin with, paths on this server where it is empty."""
    answered = isinstance(said, Answer)
    return {
        "answered": answered,
        "language": said.query.language,
        "answer": said.text if isinstance(said, Answer) else "",
        "refusal": None if isinstance(said, Answer) else _refusal(said),
        "query": query(said.query),
        "citations": [citation(cited, public_url) for cited in said.citations] if isinstance(said, Answer) else [],
        "by": by(said) if isinstance(said, Answer) else None,
    }


def turn(kept: KeptTurn, conversation: str, public_url: str = "") -> dict[str, Any]:
    """A kept turn: its reply as it was given, with what was asked and when; links are kept as paths."""
    citations = [cited | {"link": _absolute(cited["link"], public_url)} for cited in kept.reply["citations"]]
    head = {"n": kept.n, "asked": kept.asked, "at": kept.at}
    return {**head, **kept.reply, "citations": citations, "conversation_id": conversation}


def sources(said: Mapping[str, Any]) -> set[str]:
    """The sources of the documents that a reply, as JSON, quotes or names; '' among them where one was removed."""
    near = said["refusal"]["nearest"] if said["refusal"] else []
    return {str(one["source"]) for cited in [*said["citations"], *near] for one in (cited, *cited.get("others", ()))}


def by(said: Answer) -> dict[str, Any]:
    """Whose words an answer has, and what became of a language model's."""
    path = "model" if said.by else "extractive"
    return {"path": path, "model": said.by, "fallback": said.fallback, "dropped": said.dropped}


def query(asked: Query) -> dict[str, Any]:
    """A question as it was understood; the `id` of anything there, given back in `without`, takes it back."""
    return {
        "text": asked.text,
        "carried": asked.carried,
        "without": list(asked.without),
        "filter": filter_of(asked.filter),
        "understood": understood(asked),
    }


def understood(asked: Query) -> dict[str, Any]:
    """What the parts of a question were taken to mean."""
    of = {kind: [reading for reading in asked.readings if reading.kind == kind] for kind in get_args(ReadingKind)}
    return {
        "language": asked.language,
        "kinds": list(asked.wanted),
        "years": [_year(reading) for reading in of["year"]],
        "dates": [_read(reading, first=reading.first, last=reading.last) for reading in of["date"]],
        "places": [_read(reading, **asdict(place)) for reading in of["place"] for place in reading.places],
        "abbreviations": [_read(reading, forms=list(reading.forms)) for reading in of["abbreviation"]],
        "spellings": [_read(reading, forms=list(reading.forms)) for reading in of["spelling"]],
        "translations": [_read(reading, forms=list(reading.forms)) for reading in of["translation"]],
    }


def _read(reading: Reading, **more: object) -> dict[str, Any]:
    return {"id": reading.id, "said": reading.said, **more}


def _year(reading: Reading) -> dict[str, Any]:
    eras = {"buddhist": [year + 543 for year in reading.years], "gregorian": list(reading.years)}
    return _read(reading, **eras, fiscal=reading.fiscal, first=reading.first, last=reading.last)


def _refusal(said: Refusal) -> dict[str, Any]:
    nearest = [_named(near) for near in said.nearest]
    return {"reason": said.reason, "message": refusal(said), "missing": list(said.missing), "nearest": nearest}


def _named(header: Header) -> dict[str, Any]:
    names = {"document_id": header.id, "source": header.source, "title": header.title}
    return names | {"date": header.date, "status": header.status}


def citation(cited: Citation, public_url: str = "") -> dict[str, Any]:
    """Where the words of an answer stand."""
    document = cited.document
    return {
        "n": cited.n,
        "document_id": document.id,
        "source": document.source,
        "title": document.title,
        "date": document.date,
        "status": document.status,
        "page": cited.page,
        "section": list(cited.section),
        "quote": cited.quote,
        "start": cited.start,
        "end": cited.end,
        "doubt": cited.doubt,
        "link": _absolute(cited.link, public_url),
        "url": document.url,
        "others": [_named(other) for other in cited.others],
    }


def _absolute(path: str, public_url: str) -> str:
    return public_url.rstrip("/") + path


def verified(document: Document, span: tuple[int, int] | None, public_url: str = "") -> dict[str, Any]:
    """Whether a quote stands in `document` and where: its `span` there, None where it does not."""
    start, end = span or (None, None)
    page = next((block.page for block in document.blocks if span and block.end > span[0]), None)
    return {
        "stands": span is not None,
        "document_id": document.id,
        "page": page,
        "start": start,
        "end": end,
        "quote": document.text[start:end] if span else None,
        "doubt": doubt_of(document.blocks, *span) if span else None,
        "link": _absolute(link(document.id, *span, page), public_url) if span else None,
    }


def hit(found: Hit, doubt: Doubt | None = None) -> dict[str, Any]:
    """A passage that a search found, and what is doubtful about its words."""
    return {
        "document_id": found.document.id,
        "source": found.document.source,
        "title": found.document.title,
        "status": found.document.status,
        "text": found.passage.text,
        "score": round(found.score, 4),
        "section": list(found.passage.section),
        "page": found.passage.page,
        "start": found.passage.start,
        "end": found.passage.end,
        "doubt": doubt,
        "others": [_named(other) for other in found.others],
    }


def document(
    header: Header, similar: Sequence[Header] = (), newest: Header | None = None, *, personal: int = 0
) -> dict[str, Any]:
    """What a list shows of a document: its `similar` ones say nearly the same, the `newest` has replaced it.

    `personal` is in how many places it has personal data.
    """
    fields = {name: getattr(header, name) for name in Header.__dataclass_fields__}
    replaced = {"document_id": newest.id, "version": newest.version, "title": newest.title} if newest else None
    about = {
        "years": sorted(header.years),
        "similar": [_named(other) for other in similar],
        "replaced_by": replaced,
        "personal": personal,
    }
    return {"document_id": fields.pop("id"), **fields, **about}


def facts(found: Document) -> dict[str, list[str]]:
    """What a document says of itself, by name."""
    by_name: dict[str, list[str]] = {}
    for fact in found.facts:
        by_name.setdefault(fact.name, []).append(fact.value)
    return by_name


def version(one: Version) -> dict[str, Any]:
    """One version of a source."""
    return asdict(one)


def erasure(gone: Erasure) -> dict[str, Any]:
    """What was erased with a document that was removed."""
    return asdict(gone) | {"versions": len(gone.documents)}


def filter_of(wanted: Filter) -> dict[str, Any]:
    """A filter's fields that ask for anything."""
    return {name: list(values) for name, values in asdict(wanted).items() if values}


def to_filter(fields: Mapping[str, Any]) -> Filter:
    """The filter that JSON asks for; years may be of either era."""
    from vectorstore.dates import gregorian

    years = tuple(gregorian(int(year)) for year in fields.get("years", ()))
    names = {
        field: tuple(thai.normalise(str(name)).strip() for name in fields.get(field, ()))
        for field in ("provinces", "documents", "districts", "organisations")
    }
    provinces = tuple(name.removeprefix("จังหวัด").removeprefix("จ.") for name in names["provinces"])
    districts = tuple(re.sub(r"^(?:อำเภอ|อ\.|เขต) ?", "", name) for name in names["districts"])
    return Filter(
        years=years,
        provinces=provinces,
        kinds=tuple(fields.get("kinds", ())),
        documents=names["documents"],
        districts=districts,
        organisations=tuple(full for name in names["organisations"] for full in (name, *glossary.full_names(name))),
    )
