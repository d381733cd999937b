"""Files chosen on the page: beside each stands what became of it, in Thai."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ui.conftest import Server, Visit, serving


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "home") as running:
        yield running


def test_files_chosen_on_the_page(own_server: Server, visit: Callable[..., Visit], tmp_path: Path) -> None:
    files = {
        "ดี.txt": "กองทุนมีสมาชิก 845 คน".encode(),
        "ว่าง.txt": b"",
        "ปลอม.pdf": b"<html><body>x</body></html>",
        "<img src=x onerror=alert(1)>.txt": "ชื่อแปลก".encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    seen = visit(own_server)
    page = seen.page
    page.locator("#adding summary").click()
    page.set_input_files("#adding-files", [str(tmp_path / name) for name in files])
    page.wait_for_function("document.querySelectorAll('#adding .done, #adding .failed').length === 4")
    rows = page.locator("#adding li").all_inner_texts()
    assert "ดี.txt เพิ่มแล้ว" in rows[0] and "<img src=x onerror=alert(1)>.txt เพิ่มแล้ว" in rows[3]
    assert "ไม่มีข้อความให้อ่าน" in rows[1] and "นามสกุล" in rows[2]
    page.set_input_files("#adding-files", [str(tmp_path / "ดี.txt")])
    page.wait_for_function("document.querySelectorAll('#adding .done').length === 3")
    assert "มีในคลังแล้ว" in page.locator("#adding li").last.inner_text()
    seen.complaints[:] = [said for said in seen.complaints if "status of 422" not in said]  # the browser's own, of each refusal
