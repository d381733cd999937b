"""The house holds: who imports whom, one door to each outside library, files and functions of a readable size."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "ui": {"assistant", "ingest", "vectorstore", "prompts"},
    "assistant": {"vectorstore", "prompts"},
    "ingest": {"vectorstore"},
    "vectorstore": set(),
    "prompts": set(),
}
DOORS = {
    "chromadb": {"vectorstore/dense.py"},
    "tantivy": {"vectorstore/lexical.py"},
    "sentence_transformers": {"vectorstore/embed.py", "vectorstore/train.py"},
    "model2vec": {"vectorstore/embed.py"},
    "torch": {"vectorstore/train.py"},
    "pythainlp": {"vectorstore/thai.py"},
    "nlpo3": {"vectorstore/thai.py"},
    "langchain": {"assistant/model.py"},
    "langchain_core": {"assistant/model.py", "assistant/retriever.py"},
    "openai": {"assistant/model.py"},
    "pypdfium2": {"ingest/pdf.py"},
    "PIL": {"ingest/picture.py"},
    "docx": {"ingest/word.py"},
    "openpyxl": {"ingest/workbook.py", "ui/sheets.py"},  # one reads what is sent, the other writes what is downloaded
    "pptx": {"ingest/slides.py"},
    "trafilatura": {"ingest/webpage.py"},
    "httpx": {"ingest/web.py"},
    "httpcore": {"ingest/web.py", "ingest/pinned.py"},
    "fastapi": {"ui/api.py", *(f"ui/v1/{path.name}" for path in (ROOT / "ui" / "v1").glob("*.py"))},  # a file a resource
    "gradio": {"ui/web.py"},
    "sqlite3": {"vectorstore/connection.py"},
    "sqlalchemy": {"vectorstore/connection.py"},
    "pymilvus": {"vectorstore/milvus.py"},
    "pyrage": {"vectorstore/sealing.py"},
    "zstandard": {"vectorstore/parcel.py", "vectorstore/pairs.py"},  # of backups, and of what is learned from
    "argon2": {"ui/passwords.py"},
    "linebot": {"ui/line/delivery.py", "ui/line/account.py"},  # one sends, the other asks how the account stands
    "limits": {"ui/rates.py"},
    "prometheus_client": {"ui/metrics.py"},
}
FILES = sorted(path for package in ALLOWED for path in (ROOT / package).glob("**/*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def imports(tree: ast.AST) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    name = str(path.relative_to(ROOT))
    package = path.relative_to(ROOT).parts[0]
    tops = {module.split(".")[0] for module in imports(tree)}
    assert tops & ALLOWED.keys() <= ALLOWED[package] | {package}, f"{name} imports a package above or beside its own"
    wrong_doors = {library for library, doors in DOORS.items() if library in tops and name not in doors}
    assert not wrong_doors, f"{name} imports {wrong_doors}; the doors are {[DOORS[library] for library in wrong_doors]}"
    assert source.count("\n") <= LONGEST_FILE, f"{name} has outgrown its name"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, f"{name}: {node.name} is too long to read"


def test_only_settings_read_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers <= {"ui/settings.py", "ui/__init__.py", "vectorstore/embed.py"}, (
        "vectorstore/embed.py sets HF_HUB_OFFLINE, ui/__init__.py numpy's threads; nobody else but settings"
    )


def test_every_package_has_files() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == ALLOWED.keys()
