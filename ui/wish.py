"""What the page's script asks for beside the words in the question box, as JSON that is checked."""

from pydantic import BaseModel, ConfigDict, Field

from ui.bodies import FilterBody, Without


class Wish(BaseModel):
    """A wish of somebody at the page.

    `question` is asked in place of what stands in the box, `without` what it is not to be taken to mean, over what `filter`
    admits; `anew` in a new conversation. `document` is the one that the page's address names, `talk` a conversation to be
    opened or erased, `text` the words by which conversations are looked for.
    """

    model_config = ConfigDict(extra="forbid")

    question: str = Field(default="", max_length=20_000)
    without: Without = []
    filter: FilterBody = FilterBody()
    anew: bool = False
    document: str = Field(default="", max_length=1000)
    talk: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=1000)


def wish(text: str) -> Wish:
    """The wish that `text` (JSON) tells; none where it is empty.

    Raises:
        ValueError: it is none.
    """
    return Wish.model_validate_json(text) if text else Wish()
