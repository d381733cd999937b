"""Who was at a meeting and who was not, as its list says: name and role."""

import re
from collections.abc import Iterator

from ingest.lines import marker
from ingest.people import people, person_at
from vectorstore.types import Block, Document, Fact

_LIST = re.compile(r"ผู้(?:(?P<absent>ไม่(?:มา|เข้า|ร่วม|ได้)|ลา|ขาด|ติดราชการ)|(?:เข้า(?:ร่วม)?|มา|ร่วม)ประชุม)|รายชื่อ(?:ผู้|คณะ|กรรมการ)")
_ROLE = 80
"""Characters of a role."""


def attendance(document: Document) -> Iterator[Fact]:
    """The people of the document's lists of those present (`attendee`) and not (`absent`), with their roles."""
    if not _LIST.search(document.text):
        return
    head: re.Match[str] | None = None
    for block in document.blocks:
        line = document.text[block.start : block.end]
        if block.kind in ("heading", "paragraph"):
            head = _LIST.search(line) if len(line) <= 120 else None
        elif head and (told := _person(line, block)):
            yield Fact(name="absent" if head["absent"] else "attendee", value=told)


def _person(line: str, block: Block) -> str:
    """Name and role of a list item or a table's row; '' where it begins with no person."""
    if block.kind == "table_row":
        cells = [cell.strip() for cell in line.split(" | ")]
        place = next((index for index, cell in enumerate(cells) if person_at(cell, 0)), -1)
        name = person_at(cells[place], 0) if place >= 0 else None
        role = " ".join(filter(None, [cells[place][len(name or "") :].strip(), *cells[place + 1 :]]))
    else:
        start = marker(line).length
        name = person_at(line, start)
        role = line[start + len(name or "") :]
    if not name or people(role):
        return name or ""
    role = " ".join(role.split()).strip(" ,-–:")
    return f"{name} · {role}" if role and len(role) <= _ROLE else name
