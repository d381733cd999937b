"""What a person may limit the next questions to: the years, provinces and kinds that the archive has, and one document."""

import re
from collections.abc import Sequence

from ui.markup import inert
from ui.render import KINDS
from ui.words import BOOK
from vectorstore import Store
from vectorstore.errors import UnknownDocument

_WORDS = BOOK["asking"]
_LEADING = re.compile("([เ-ไ])([ก-ฮ])")
Choice = tuple[str, str]
"""What is asked for, and how it is told."""


def form(store: Store, document_id: str = "") -> str:
    """HTML of the choices, each with how many documents it leaves, and of the document that the address names.

    page.js reads what is chosen when a question is asked, and shows it as chips.
    """
    years = [
        (str(int(year)), _WORDS["of_year"].format(year=int(year) + 543), count)
        for year, count in reversed(store.choices("year"))
    ]
    provinces = sorted(store.choices("province"), key=lambda one: _LEADING.sub(r"\2\1", one[0]))
    kinds = sorted(store.choices("kind"), key=lambda one: -one[1])
    fields = [
        _select("years", years),
        _select("provinces", [(name, name, count) for name, count in provinces]),
        _select("kinds", [(kind, KINDS.get(kind, kind), count) for kind, count in kinds]),
    ]
    summary = inert(_WORDS["limit"])
    return (
        f'<ul class="chips" id="limited" aria-label="{inert(_WORDS["limited"])}" data-drop="{inert(_WORDS["unlimit"])}"></ul>'
        f"{_document(store, document_id)}"
        f'<details id="limit"><summary>{summary}</summary><div class="fields">{"".join(fields)}</div></details>'
    )


def _select(name: str, choices: Sequence[tuple[str, str, int]]) -> str:
    label, all_of = inert(_WORDS[f"limit_{name}"]), inert(_WORDS["all"])
    options = "".join(_option(value, told, _WORDS["choice"].format(what=told, count=count)) for value, told, count in choices)
    return f'<label>{label}<select data-limit="{name}"><option value="">{all_of}</option>{options}</select></label>'


def _option(value: str, told: str, words: str) -> str:
    return f'<option value="{inert(value)}" data-told="{inert(told)}">{inert(words)}</option>'


def _document(store: Store, document_id: str) -> str:
    """What the document is called that the questions are to be about, or that there is none."""
    if not document_id:
        return ""
    try:
        found = store.find(document_id)
    except UnknownDocument:
        return f'<p class="by alarm" role="status">{inert(_WORDS["no_such_document"])}</p>'
    return f'<data id="limit-document" value="{inert(found.id)}">{inert(found.title)}</data>'
