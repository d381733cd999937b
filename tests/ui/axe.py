"""What axe-core finds wrong with a page for those who hear it, enlarge it or use no mouse."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parents[1] / "data" / "axe" / "axe.min.js"
_GRAVE = ("serious", "critical")
_RUN = """async (kept) => {
  const settled = document.getAnimations().map((one) => one.finished.catch(() => null));
  await Promise.race([Promise.all(settled), new Promise((done) => setTimeout(done, 1000))]);
  return (await axe.run(document, { resultTypes: ["violations"], rules: Object.fromEntries(kept.map((rule) => [rule, { enabled: false }])) })).violations;
}"""  # noqa: E501


def faults(page: Page, *, leaving_out: Collection[str] = ()) -> list[str]:
    """The serious and critical violations on `page` as it stands, a line for each element; `leaving_out` are rules by id.

    It is put in by the debugger, which the page's content policy does not hold, and asks for nothing from anywhere.
    """
    page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate(_RUN, list(leaving_out))
    grave = [one for one in found if one["impact"] in _GRAVE]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:300]} {node['failureSummary']}"
        for one in grave
        for node in one["nodes"]
    ]


def faults_in_both_schemes(page: Page) -> list[str]:
    """Those in light, then those in dark; light stays."""
    found = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme}: {fault}" for fault in faults(page)]
    return found


@cache
def _script() -> str:
    return _AXE.read_text(encoding="utf-8")
