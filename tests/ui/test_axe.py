"""axe-core finds what is wrong, and only that, so that a clean page means something."""

from playwright.sync_api import Browser

from tests.ui.axe import faults, faults_in_both_schemes

_GOOD = '<!DOCTYPE html><html lang="th"><title>ก</title><main><h1>ก</h1><label>ชื่อ <input></label></main></html>'


def test_faults_are_found_and_a_good_page_has_none(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(_GOOD)
    assert faults_in_both_schemes(page) == []
    page.set_content(_GOOD.replace("<label>ชื่อ <input></label>", '<input><p style="color:#ccc;background:#fff">จาง</p>'))
    found = " ".join(faults(page))
    assert "label (critical)" in found and "color-contrast (serious)" in found
    assert "color-contrast" not in " ".join(faults(page, leaving_out=["color-contrast"]))
    page.close()


def test_each_scheme_is_looked_at(browser: Browser) -> None:
    page = browser.new_page()
    dark = "<style>p{color:#000;background:#fff}@media(prefers-color-scheme:dark){p{color:#111;background:#000}}</style>"
    page.set_content(_GOOD.replace("<h1>ก</h1>", f"<h1>ก</h1>{dark}<p>ตัวอักษรในย่อหน้า</p>"))
    assert [fault.split()[:2] for fault in faults_in_both_schemes(page)] == [["dark:", "color-contrast"]]
    page.close()
