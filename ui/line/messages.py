"""What is said in LINE: a reply of ours, and every other thing that the bot says, as message objects that LINE takes.

Plain dicts as in LINE's Messaging API reference. Words of documents, models and people are only ever text: addresses that
open anything are made of document ids (`links`), and what a button sends is a question that was tried before, or our own.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from assistant.types import Language
from ui.line import links as links_of
from ui.line import sources
from ui.line.commands import ANSWER, ASK, RIGHT, WRONG
from ui.line.sources import Object
from ui.line.texts import clip, line, shown, sign, split, units
from ui.messages import worded_by
from ui.words import BOOK
from vectorstore import thai

MOST = 5
"""Messages in one reply or push."""
_TEXT = 5_000
"""UTF-16 units of one text."""
_SAID, _LABEL, _BUTTONS = 300, 20, 13
"""UTF-16 units that a button sends, signs of its label, and how many buttons there are, at most."""


def messages(
    reply: Mapping[str, Any],
    *,
    links: str,
    follow_ups: Sequence[str] = (),
    answer_id: str = "",
    most: int = MOST,
    notice: str | None = None,
) -> list[Object]:
    """One to `most` messages, which is two at least, for `reply`: the API's object as `ui.wire.reply` or a conversation has it.

    `links` is the public URL: without https nothing can be opened, and all is said as text. `follow_ups` are questions that
    are asked by a tap. With an `answer_id` whoever asked can say whether the answer fits: see `commands.rating`. `notice` is
    said last.
    """
    said = BOOK["line"][reply["language"]]
    found = sources.cited(reply, links) if reply["answered"] else sources.nearest(reply, links)
    heading = said["sources"].format(count=len(reply["citations"])) if reply["answered"] else said["nearest"]
    cards = [sources.carousel(found, heading, reply["language"])] if found and (reply["answered"] or found[0].link) else []
    parts = _parts(reply, said)
    if found and not cards:
        parts.append(sources.spoken(found, heading))
    if notice:
        parts.append(f"({notice})")
    texts = _texts("\n\n".join(filter(None, parts)), most - len(cards), links_of.question(links, reply["query"]["text"]), said)
    return _with_buttons([*map(_text, texts), *cards], [*_asking(follow_ups), *_rating(reply, answer_id, said)])


def _parts(reply: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    """What a reply says, a paragraph each."""
    query, refusal, by = reply["query"], reply["refusal"], reply["by"]
    parts = [said["understood"].format(question=shown(query["text"]))] if query["carried"] else []
    parts += [
        said["spelling"].format(forms=line(" ".join(one["forms"])), said=line(one["said"]))
        for one in query["understood"]["spellings"]
    ]
    if refusal:
        parts.append(said["empty_archive"] if refusal["reason"] == "empty_archive" else shown(refusal["message"]))
    else:
        parts.append(shown(reply["answer"]))
    if by and (told := worded_by(reply["language"], by["model"], by["fallback"], by["dropped"])):
        parts.append(f"({told})")
    return parts


def _texts(whole: str, most: int, link: str, said: Mapping[str, Any]) -> list[str]:
    """`whole` in at most `most` texts; where there is more, the last one ends with saying so, and where to read it."""
    texts = list(split(whole, _TEXT))
    if len(texts) > most:
        rest = said["rest_at"].format(link=link) if link else said["rest"]
        texts[most - 1 :] = [f"{next(split(texts[most - 1], _TEXT - units(rest) - 2))}\n\n{rest}"]
    return texts


def _asking(questions: Sequence[str]) -> list[Object]:
    """Buttons that ask `questions`; what those on one subject all begin with is left out of their labels."""
    asked = [one for one in dict.fromkeys(map(line, questions)) if one and units(ASK + one) <= _SAID]
    return [_asks(_label(one, [other for other in asked if other != one]), one) for one in asked]


def _label(question: str, others: Sequence[str]) -> str:
    alike = min((long for other in others if (long := _alike(question, other)) > _LABEL // 2), default=0)
    return clip(f"…{question[alike:]}" if alike else question, _LABEL, sign)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with, in whole words."""
    pairs = zip(thai.words(one), thai.words(other), strict=False)
    return sum(len(word) for word, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _rating(reply: Mapping[str, Any], answer_id: str, said: Mapping[str, Any]) -> list[Object]:
    """Buttons by which whoever asked says whether the answer fits; none after a greeting."""
    if not answer_id or (reply["refusal"] and reply["refusal"]["reason"] in ("no_question", "empty_archive")):
        return []
    return [_sends(said["right"], RIGHT + answer_id), _sends(said["wrong"], WRONG + answer_id)]


def welcome(language: Language = "th", examples: Sequence[str] = ()) -> list[Object]:
    """Said to who follows the bot, to a group that it joins, and where help is asked for; `examples` are asked by a tap."""
    said = BOOK["line"][language]
    return _with_buttons([_text(said["welcome"])], [*_asking(examples), _asks(said["privacy"], said["privacy"])])


def consent(language: Language = "th", *, days: int = 90) -> list[Object]:
    """What is kept of people, for how many `days`, and how it is erased: said before the first answer, and when asked for."""
    said = BOOK["line"][language]
    whole = _text(said["consent"].format(days=days))
    return _with_buttons([whole], [_asks(said["help"], said["help"]), _asks(said["forget"], said["forget"])])


def later(answer_id: str, language: Language = "th") -> list[Object]:
    """Said where an answer takes longer than a reply may: its button brings the answer with this id (`commands.answer`).

    A card and no quick reply, which would be gone with the next message, and does not show on a computer.
    """
    said = BOOK["line"][language]
    button = {"type": "button", "style": "primary", "scaling": True, **_sends(said["see_answer"], ANSWER + answer_id)}
    words = {"type": "text", "text": said["later"], "wrap": True, "scaling": True}
    body = {"type": "box", "layout": "vertical", "spacing": "md", "contents": [words, button]}
    return [{"type": "flex", "altText": said["later"], "contents": {"type": "bubble", "body": body}}]


def only_text(language: Language = "th") -> list[Object]:
    """Said, once in a row, where a picture or a sticker was sent."""
    return [_text(BOOK["line"][language]["only_text"])]


def failed(language: Language = "th") -> list[Object]:
    """Said where there is no answer because something broke."""
    return [_text(BOOK["line"][language]["failed"])]


def thanked(language: Language = "th") -> list[Object]:
    """Said where somebody has said whether an answer fits."""
    return [_text(BOOK["line"][language]["thanked"])]


def forgotten(language: Language = "th") -> list[Object]:
    """Said when all that was kept of somebody is erased."""
    return [_text(BOOK["line"][language]["forgotten"])]


def _with_buttons(said: list[Object], buttons: Sequence[Object]) -> list[Object]:
    """LINE shows the quick replies of the last message only."""
    items = [{"type": "action", **one} for one in buttons[:_BUTTONS]]
    return [*said[:-1], said[-1] | {"quickReply": {"items": items}}] if items else said


def _asks(label: str, words: str) -> Object:
    """A button that asks `words`, and shows them in the chat; a button that says them would not be heard in a group."""
    return {"action": {"type": "postback", "label": label, "data": ASK + words, "displayText": words}}


def _sends(label: str, data: str) -> Object:
    """A button that sends `data` to us, and shows its label in the chat."""
    return {"action": {"type": "postback", "label": label, "data": data, "displayText": label}}


def _text(words: str) -> Object:
    return {"type": "text", "text": words}
