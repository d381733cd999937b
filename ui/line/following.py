"""What may be asked next in LINE: questions that were tried, within the time that a reply leaves."""

from collections.abc import Collection, Mapping
from typing import Any

from ui.page import Exchange
from ui.people import READER
from ui.suggesting import Next
from vectorstore.errors import StoreError

WITHIN_S = 2.0
"""How long questions are tried: seldom more than half a second, but a reply waits for it."""


def follow_ups(trying: Next, reply: Mapping[str, Any], asked: Collection[str]) -> list[str]:
    """Up to three Thai questions that the documents of `reply` (`ui.wire.reply`) answer, and that were not `asked` before.

    They are tried as somebody unknown asks. None after a reply in English.
    """
    if reply["language"] != "th":
        return []
    near = reply["refusal"]["nearest"] if reply["refusal"] else []
    documents = tuple(dict.fromkeys(one["document_id"] for one in reply["citations"] or near if not one.get("removed")))
    quotes = tuple(one["quote"] for one in reply["citations"])
    last = Exchange(n=0, question=reply["query"]["text"], said="", bubble="", documents=documents, quotes=quotes)
    try:
        return trying.questions(READER.groups, last, [*asked, last.question], within_s=WITHIN_S)
    except StoreError:  # a document may have gone meanwhile: a reply without buttons is one still
        return []
