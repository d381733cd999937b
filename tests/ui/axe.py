"""What axe-core finds wrong with a page for those who hear it, enlarge it or use no mouse."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parents[1] / "data" / "axe" / "axe.min.js"
_GRAVE = ("serious", "critical")
_OF_COLOURS = ("color-contrast", "link-in-text-block")
_RUN = """async ([kept, only]) => {
  const settled = document.getAnimations().map((one) => one.finished.catch(() => null));
  await Promise.race([Promise.all(settled), new Promise((done) => setTimeout(done, 1000))]);
  const rules = Object.fromEntries(kept.map((rule) => [rule, { enabled: false }]));
  const options = { resultTypes: ["violations"], ...(only.length ? { runOnly: only } : { rules }) };
  return (await axe.run(document, options)).violations;
}"""


def faults(page: Page, *, leaving_out: Collection[str] = (), only: Collection[str] = ()) -> list[str]:
    """The serious and critical violations on `page` as it stands, a line for each element.

    `leaving_out` are rules by id that are not tried, `only` those that are, where any is named.

    It is put in by the debugger, which the page's content policy does not hold, and asks for nothing from anywhere.
    """
    page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate(_RUN, [list(leaving_out), list(only)])
    grave = [one for one in found if one["impact"] in _GRAVE]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:300]} {node['failureSummary']}"
        for one in grave
        for node in one["nodes"]
    ]


def faults_in_both_schemes(page: Page) -> list[str]:
    """Those of colours in dark, in which nothing else differs, then all those in light, which stays."""
    page.emulate_media(color_scheme="dark")
    dark = [f"dark: {fault}" for fault in faults(page, only=_OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    return dark + [f"light: {fault}" for fault in faults(page)]


@cache
def _script() -> str:
    return _AXE.read_text(encoding="utf-8")
