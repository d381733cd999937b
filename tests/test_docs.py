"""The README says what is so."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from tests.bench.screenshots import PICTURES, SCREENS, WIDTHS
from ui import api, cli
from ui.compose import compose
from ui.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| (.+?) \|", README, re.MULTILINE))
    assert rows.keys() == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if name != "home":
            told = rows[name.upper()].strip("`").replace("(ว่าง)", "")
            usual = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
            assert told == (f"{field.default:g}" if isinstance(field.default, float) else str(usual)), name


def test_every_verb_is_in_the_table() -> None:
    verbs = next(action.choices for action in cli._parser()._actions if action.dest == "verb")
    assert verbs
    for verb in verbs:
        assert re.search(rf"^\|.*`{verb}[ `]", README, re.MULTILINE), verb


def test_the_commands_of_the_readme_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "bench"):
        assert f"make {target}" in README
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_path_of_the_api_is_told(tmp_path: Path) -> None:
    house = compose(Settings(home=tmp_path / "home"))
    with house.store:
        paths = api.create(house).openapi()["paths"]
    assert len(paths) > 10
    for path in paths:
        assert path in README, path


@pytest.mark.parametrize("page", ["README.md", "docs/cluster.md", "docs/line.md"])
def test_linked_files_and_named_settings_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("http") or (ROOT / page).parent.joinpath(target).exists(), target
    assert {name.lower() for name in re.findall(rf"{PREFIX}([A-Z_]+)", text)} <= Settings.model_fields.keys()


def test_every_picture_of_the_screens_is_shown() -> None:
    shown = {ROOT / target for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)}
    assert shown == set(PICTURES.values()) and len(shown) == len(SCREENS) * len(WIDTHS)
    assert set((ROOT / "docs" / "screens").iterdir()) <= shown, "none that is shown nowhere"


def test_the_compose_file_is_yaml_whose_settings_exist() -> None:
    told = yaml.safe_load((ROOT / "docs" / "compose.yaml").read_text(encoding="utf-8"))
    programs = [told["services"][name] for name in ("one", "two")]
    assert programs[0]["environment"] == programs[1]["environment"], "all programs of one archive are set alike"
    given = programs[0]["environment"]
    assert {name.removeprefix(PREFIX).lower() for name in given} <= Settings.model_fields.keys()
    Settings(**{name.removeprefix(PREFIX).lower(): value for name, value in given.items() if "$" not in value})
    for service in told["services"].values():
        assert set(service.get("depends_on", ())) <= told["services"].keys()
        assert {some.split(":")[0] for some in service.get("volumes", ())} - {".."} <= told["volumes"].keys()
