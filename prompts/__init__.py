"""The words a language model is given: one file a prompt, in Thai, for anyone to read and change.

A field is written {{name}}. What is put in is never read as a prompt again, so a document cannot add a field.
"""

import re
from functools import cache
from pathlib import Path

_FIELD = re.compile(r"\{\{([a-z_]+)\}\}")


class PromptError(ValueError):
    """A prompt was asked for with other fields than it has, or does not exist."""


@cache
def _template(name: str) -> str:
    path = Path(__file__).with_name(f"{name}.md")
    if not path.is_file():
        raise PromptError(f"there is no prompt {name!r}: {path.name} was expected beside {Path(__file__).name}")
    return path.read_text(encoding="utf-8").strip()


def fields(name: str) -> frozenset[str]:
    """The fields that the prompt `name` has.

    Raises:
        PromptError: there is no such prompt.
    """
    return frozenset(_FIELD.findall(_template(name)))


def render(name: str, **values: str) -> str:
    """The prompt `name` with its fields filled in.

    Raises:
        PromptError: there is no such prompt, or a field is missing or unknown.
    """
    wanted = fields(name)
    if wanted != values.keys():
        missing, unknown = sorted(wanted - values.keys()), sorted(values.keys() - wanted)
        raise PromptError(f"prompt {name!r} has the fields {sorted(wanted)}: missing {missing}, unknown {unknown}")
    return _FIELD.sub(lambda match: values[match[1]], _template(name))
