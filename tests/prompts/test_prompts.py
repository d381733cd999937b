"""Prompts are filled in exactly, and what is filled in is never a prompt."""

from pathlib import Path

import pytest

import prompts

NAMES = sorted(path.stem for path in Path(prompts.__file__).parent.glob("*.md"))


def test_every_prompt_renders_with_its_fields() -> None:
    assert NAMES == ["answer", "repair", "source", "system"]
    for name in NAMES:
        rendered = prompts.render(name, **{field: f"<{field}>" for field in prompts.fields(name)})
        assert "{{" not in rendered
        assert all(f"<{field}>" in rendered for field in prompts.fields(name))


@pytest.mark.parametrize(
    "values", [{}, {"question": "x"}, dict.fromkeys(["mark", "sources", "history", "question", "language", "more"], "x")]
)
def test_a_missing_or_extra_field_is_an_error(values: dict[str, str]) -> None:
    with pytest.raises(prompts.PromptError, match=r"missing|unknown"):
        prompts.render("answer", **values)


def test_an_unknown_prompt_is_an_error() -> None:
    with pytest.raises(prompts.PromptError, match="no prompt 'other'"):
        prompts.render("other")


def test_a_field_in_a_value_stays_as_it_is() -> None:
    fields = dict.fromkeys(prompts.fields("answer"), "s") | {"question": "{{sources}}"}
    assert "{{sources}}" in prompts.render("answer", **fields)
