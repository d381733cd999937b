"""What is known of a document beside its text: facts and resolutions, found when it is taken in, and anew at a rebuild."""

from dataclasses import replace

from ingest import facts
from ingest.attendance import attendance
from ingest.districts import districts
from ingest.resolutions import resolutions
from ingest.saying import abbreviations, said
from ingest.structure import seen
from vectorstore.types import Document, Fact


def described(document: Document) -> Document:
    """`document` with its places, organisations, facts and resolutions as its text gives them, but for hidden words."""
    text, blocks = seen(document.text, document.blocks)
    shown = replace(document, text=text, blocks=blocks)
    provinces = facts.provinces(text)
    named, smaller, around = districts(text, provinces)
    short = abbreviations(text)
    own = [Fact(name="subdistrict", value=name) for name in smaller]
    own += [Fact(name="abbreviation", value=f"{key} = {full}") for key, full in short.items()]
    own += [*attendance(shown), *said(shown)]
    return replace(
        document,
        provinces=provinces or around,
        districts=named,
        organisations=tuple(sorted({*facts.organisations(text), *facts.bodies(short.values())})),
        facts=tuple(sorted(set(own), key=lambda fact: (fact.name, fact.value))),
        resolutions=resolutions(shown),
    )
