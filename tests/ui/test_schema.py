"""What /openapi.json says is so: every path of a running server, for everybody, with requests that fit it and that do not."""

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import SkipTest

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from ingest import errors
from tests.ui.conftest import serving
from tests.ui.test_access import LIMITED, OPEN
from ui import messages, schema
from ui import settings as settings_of
from ui.codes import CODES
from ui.compose import compose
from ui.people import ROLES

UI = Path(schema.__file__).parent
CHECKED = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
FEW = settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True)
SET = {"THAMKHLANG_ACCOUNTS": "on", "THAMKHLANG_RATE_PER_MINUTE": "0", "THAMKHLANG_ADDRESS_RATE_PER_MINUTE": "0"}
KNOWN = {"document_id": "รายงานเปิด.txt", "conversation_id": "known-conversation", "model": "thamkhlang"}
SENT = {"ChatBody", "Message", "Part", "StreamOptions"}
"""Of which fields that nobody knows are ignored, as OpenAI's clients send new ones."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """The address of a program with accounts on, and what each face sends: nobody, and a key of each role.

    It has a document for all in two versions, one that is limited, and a kept conversation.
    """
    home = tmp_path_factory.mktemp("schema") / "home"
    with compose(settings_of.load(home=home)).store as store:
        keys = {role: {"Authorization": f"Bearer {store.keys.add(f'{role}-bot', role)}"} for role in ROLES}
        store.accounts.add("somchai", "x", "administrator")
    with serving(home, **SET) as server, httpx.Client(base_url=server.address, timeout=60) as client:
        known = KNOWN["document_id"]
        for name, text in ((known, OPEN), (known, f"{OPEN}\nเพิ่มเติม"), ("limited.txt", LIMITED)):
            client.post("/v1/documents", files={"file": (name, text)}, headers=keys["administrator"]).raise_for_status()
        asked = {"question": "กองทุนมีสมาชิกกี่คน", "conversation_id": KNOWN["conversation_id"]}
        assert client.post("/v1/answers", json=asked, headers=keys["reader"]).json()["answered"]
        yield server.address, {"nobody": {}, **keys}


@pytest.fixture(scope="module")
def document(archive) -> Any:
    address, faces = archive
    return httpx.get(f"{address}/openapi.json", headers=faces["reader"]).raise_for_status().json()


def strict(one: Any) -> Any:
    """The same, without a field that it does not name: what comes and is not described is found."""
    if isinstance(one, list):
        return [strict(part) for part in one]
    if not isinstance(one, dict):
        return one
    closed = {"additionalProperties": False} if one.get("type") == "object" and "properties" in one else {}
    return closed | {name: strict(part) for name, part in one.items()}


@pytest.fixture(scope="module")
def described(document) -> Any:
    models = document["components"]["schemas"]
    closed = {name: model if name in SENT else strict(model) for name, model in models.items()}
    return schemathesis.openapi.from_dict(document | {"components": document["components"] | {"schemas": closed}})


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_path_does_what_is_described(described, archive, mode: GenerationMode) -> None:
    address, faces = archive

    def check(case: schemathesis.Case) -> None:
        for headers in faces.values():
            case.call_and_validate(address, headers=headers, checks=CHECKED, timeout=60)
        known = {name: KNOWN[name] for name in case.path_parameters or {} if name in KNOWN}
        if known and case.method != "DELETE":
            case.path_parameters.update(known)
            case.call_and_validate(address, headers=faces["reader"], checks=CHECKED, timeout=60)

    for operation in described.get_all_operations():
        with contextlib.suppress(Unsatisfiable, SkipTest):  # nothing of a request without parameters can be wrong
            FEW(given(operation.ok().as_strategy(generation_mode=mode))(check))()


def test_every_operation_is_told_in_thai_with_an_example_that_is_true(document) -> None:
    assert document["openapi"].startswith("3.1")
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids)) and all(name.isidentifier() and name.islower() for name in ids)
    for path in document["paths"].values():
        for operation in path.values():
            name = operation["operationId"]
            assert any("ก" <= letter <= "๛" for letter in operation["summary"]), name
            for status, response in operation["responses"].items():
                assert response["description"], (name, status)
                if status < "300":
                    _check_examples(document, name, status, response)


def _check_examples(document: Any, name: str, status: str, response: Any) -> None:
    for kind, content in response.get("content", {}).items():
        if kind == "application/json":
            assert content["example"] is not None, (name, status)
            whole = {"components": document["components"], **content["schema"]}
            Draft202012Validator(strict(whole)).validate(content["example"])


def test_every_code_is_described() -> None:
    told: dict[str, int | None] = {code: status for _, code, status in messages._CODES}
    told |= {
        kind.code: messages._STATUSES.get(kind.code, 422)
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.IngestError)
    }
    for path in UI.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("problem", "_Wrong", "_Unreadable"):
                values = [getattr(one, "value", None) for one in node.args[:2]]
                status = values[0] if isinstance(values[0], int) else None
                if isinstance(code := values[1 if status else 0], str):
                    told[code] = status
    for code, status in told.items():
        assert code in CODES, f"{code} needs a line in ui/codes.py"
        assert status is None or CODES[code][0] == status or code == "invalid_encoding", code
