"""The chat page as somebody uses it who has never seen one: sources, chips, limits, ratings, conversations, at any size."""

import re
from collections.abc import Callable

import httpx
import pytest

from tests.ui.axe import faults_in_both_schemes
from tests.ui.conftest import Server, Visit
from tests.ui.test_web import BENEFIT, Slow, slow  # noqa: F401
from ui.words import BOOK

Open = Callable[..., Visit]
WORDS = BOOK["asking"]
WEIR = "โครงการฝายห้วยน้ำแพะได้รับงบประมาณเท่าไร"
WIDE = "document.documentElement.scrollWidth - innerWidth"


def last(seen: Visit) -> int:
    return seen.page.locator("#said .answered").count()


def clicked(seen: Visit, name: str) -> str:
    """The answer that a click on `name` brings."""
    before = last(seen)
    seen.page.click(name)
    seen.page.wait_for_function(f"document.querySelectorAll('#said .answered').length > {before}")
    return seen.page.locator("#said .answered").last.inner_text()


def test_a_source_is_shown_at_its_words_and_left_again(server: Server, visit: Open) -> None:
    seen = visit(server, width=360, height=740)
    seen.ask(BENEFIT)
    seen.page.click("#chat a.ref >> nth=1")
    card = seen.page.locator("#source-1-2")
    seen.page.wait_for_function("document.activeElement.id == 'source-1-2'")
    assert "นาหินแก้ว" in card.locator("h3").inner_text() and "18 มิ.ย. 2566" in card.locator(".about").inner_text()
    assert "ระเบียบวาระที่ 3 เรื่องเพื่อทราบ › 3.3" in card.locator(".section").inner_text()
    inside = "(one => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; })"
    seen.page.wait_for_function(f"{inside}(document.querySelector('#source-1-2 mark'))")
    assert card.locator("mark").evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
    card.get_by_role("link", name=WORDS["back"]).click()
    assert seen.page.evaluate("document.activeElement.matches('a.ref')")
    seen.page.wait_for_function(f"{inside}(document.activeElement)")


def test_a_link_and_an_answer_are_copied(server: Server, visit: Open) -> None:
    seen = visit(server, permissions=["clipboard-read", "clipboard-write"])
    seen.ask(BENEFIT)
    seen.page.click("#source-1-1 .copy-link")
    seen.page.wait_for_function(f"document.getElementById('said-aloud').textContent == '{WORDS['copied']}'")
    link = seen.page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(server.address) + "/documents/[0-9a-f]{64}#s=[0-9]+-[0-9]+", link)
    assert httpx.get(link).status_code == 200
    seen.page.click("#chat .copy")
    seen.page.wait_for_function(f"document.querySelector('#chat .copy').textContent == '{WORDS['copied']}'")
    copied = seen.page.evaluate("navigator.clipboard.readText()").split("\n")
    assert copied[0] == BENEFIT and any("คืนละ 200 บาท" in line for line in copied)
    first = next(n for n, line in enumerate(copied) if line.startswith("[1] "))
    assert "นาหินแก้ว" in copied[first] and "18 มิ.ย. 2566" in copied[first] and "ระเบียบวาระที่" in copied[first]
    assert copied[first + 1] == link
    assert sum(line.startswith(server.address) for line in copied) == seen.page.locator("#sources .card").count()


def test_a_chip_is_taken_out_and_another_answer_comes(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.ask(BENEFIT)
    assert seen.page.locator("#chat .chip").count() == 0, "nothing was understood beyond the words"
    seen.ask("กองทุนสวัสดิการ จ.เลย ปี 2564 มีสมาชิกกี่คน")
    chips = seen.page.locator("#said .answered").last.locator(".chip")
    told = [re.sub(r"\s*✕.*", "", one, flags=re.DOTALL) for one in chips.all_inner_texts()]
    assert told == ["ปี พ.ศ. 2564 (ค.ศ. 2021)", "จังหวัดเลย"]
    first = seen.page.locator("#said .answered").last.locator(".said").inner_text()
    assert seen.page.locator("#source-2-1 .about").inner_text().endswith("2564")
    second = clicked(seen, "#said .answered:last-child .chip >> nth=0")
    assert "ปี พ.ศ." not in second and "จังหวัดเลย" in second
    assert seen.page.locator("#said .answered").last.locator(".said").inner_text() != first
    third = clicked(seen, "#said .answered:last-child .chip >> nth=0")
    assert "จังหวัดเลย" not in third and "ปี พ.ศ." not in third, "what was taken out before stays out"


def test_mended_and_translated_words_are_chips(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.ask("What budget did the weir project in Nan get?")
    told = seen.page.locator("#chat .chip").all_inner_texts()
    assert any(one.startswith("weir = ") for one in told) and any(one.startswith("จังหวัดน่าน") for one in told)
    seen.ask("สุพรรนบุรีมีกองทุนไหม")
    told = seen.page.locator("#said .answered").last.locator(".chip").all_inner_texts()
    assert any(one.startswith("สุพรรณบุรี (พิมพ์ว่า สุพรรนบุรี)") for one in told)


def test_limits_hold_for_the_next_questions_until_they_are_taken_out(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.page.wait_for_selector("#limit")
    seen.page.focus("#limit summary")
    seen.page.keyboard.press("Enter")
    options = seen.page.locator("select[data-limit=years] option").all_inner_texts()
    assert options[:2] == [WORDS["all"], "ปี 2567 (3 เอกสาร)"]
    seen.page.get_by_label(WORDS["limit_years"]).select_option("2021")
    seen.page.get_by_label(WORDS["limit_provinces"]).select_option("เลย")
    asked = "กองทุนสวัสดิการตำบลนาหินแก้วมีสมาชิกกี่คน"
    for _ in range(2):
        answer = seen.ask(asked)
        assert "ค้นเฉพาะ ปี 2564 · จังหวัดเลย" in answer
        assert seen.page.locator("#sources .card .about").first.inner_text().endswith("2564")
    seen.settle()
    seen.page.reload()
    seen.page.wait_for_selector("#limited .chip")
    seen.page.wait_for_selector("#chat .turn")
    assert seen.page.locator("#limited .chip").all_inner_texts()[0].startswith("ปี 2564")
    for _ in range(2):
        seen.page.click("#limited .chip")
    assert seen.page.locator("#limited .chip").count() == 0
    assert seen.page.evaluate("document.activeElement.matches('#limit summary')")
    before = last(seen)
    seen.ask(asked)
    assert "ค้นเฉพาะ" not in seen.page.locator("#said .answered").nth(before).inner_text()


def test_a_refusal_helps(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.page.wait_for_selector("#limit")
    seen.page.click("#limit summary")
    seen.page.get_by_label(WORDS["limit_kinds"]).select_option("news")
    refused = seen.ask(BENEFIT)
    assert "ไม่พบ" in refused
    assert seen.page.locator("#chat .missing a").get_attribute("href") == "documents"
    assert "คืนละ 200 บาท" in clicked(seen, f"#chat .nearest button:text('{WORDS['wider']}')")
    assert seen.page.locator("#limited .chip").count() == 0
    seen.ask("งบปี 2566 ของกองทุนสวัสดิการ จ.เลย เท่าไร")
    seen.page.wait_for_selector("#following button")
    assert WORDS["answerable"] in seen.page.inner_text("#following")
    near = seen.page.locator("#said .answered").last.locator(".nearest li a").first
    with seen.page.context.expect_page() as opened:
        near.click()
    opened.value.wait_for_selector("h1")
    assert near.inner_text() in opened.value.inner_text("body")


def test_suggested_questions_are_answered(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.ask(WEIR)
    seen.page.wait_for_selector("#following button")
    suggested = seen.page.locator("#following button").all_inner_texts()
    assert 1 <= len(suggested) <= 3 and WEIR not in suggested
    clicked(seen, "#following button >> nth=0")
    assert seen.page.locator("#chat .asked").last.inner_text().endswith(suggested[0])
    assert seen.page.locator("#said .answered").last.locator("a.ref").count() >= 1


def test_a_rating_is_thanked_for_and_stays(server: Server, visit: Open) -> None:
    seen = visit(server, width=360, height=740)
    seen.ask(WEIR)
    seen.page.get_by_role("button", name=WORDS["wrong"], exact=True).click()
    seen.page.get_by_label(WORDS["reasons"][1]).check()
    seen.page.get_by_label(WORDS["reason_more"]).fill("ขาดปีก่อน")
    assert faults_in_both_schemes(seen.page) == []
    seen.page.get_by_role("button", name=WORDS["reason_send"]).click()
    seen.page.wait_for_selector(".why", state="detached")
    seen.ask(BENEFIT)
    pressed = '#said .answered:nth-child(2) .rate[aria-pressed="true"]'
    assert seen.page.inner_text(pressed) == WORDS["wrong"], "it stays while more is asked"
    seen.settle()
    seen.page.reload()
    seen.page.wait_for_selector("#chat .turn")
    assert seen.page.inner_text(pressed) == WORDS["wrong"]
    assert WORDS["thanks"] in seen.page.inner_text("#said .answered:nth-child(2)")
    seen.page.click("#said .answered:nth-child(2) .rate >> nth=0")
    seen.page.wait_for_function(f"document.querySelector('{pressed}').textContent == '{WORDS['right']}'")


def test_conversations_are_found_opened_and_erased(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.ask(WEIR)
    seen.page.click("#anew")
    seen.page.wait_for_function("!document.querySelector('#chat .turn')")
    seen.ask(BENEFIT)
    seen.page.click("#talks-open")
    seen.page.wait_for_selector("button.talk")
    titles = seen.page.locator("button.talk span").all_inner_texts()
    assert titles == [BENEFIT, WEIR], "newest first"
    assert re.search(r"[0-9]+ [ก-ฮ.]+ 25[0-9]{2} · 1 คำถาม", seen.page.locator("button.talk small").first.inner_text())
    assert faults_in_both_schemes(seen.page) == []
    seen.page.fill("#talks-words", "200,000")
    seen.page.wait_for_function("document.querySelectorAll('button.talk').length == 1")
    seen.page.click("button.talk")
    seen.page.wait_for_function(f"document.querySelector('#chat .asked')?.textContent.includes('{WEIR}')")
    assert seen.page.locator("#source-1-1").count() == 1
    seen.settle()
    seen.page.reload()
    seen.page.wait_for_selector("#chat .turn")
    assert WEIR in seen.page.inner_text("#chat"), "the one that was opened is the current one"
    seen.page.click("#talks-open")
    seen.page.wait_for_selector("button.talk")
    seen.page.click(f"button.drop[aria-label='{WORDS['talk_erase'].format(asked=WEIR)}']")
    seen.page.get_by_role("button", name=WORDS["erase_no"]).click()
    assert seen.page.locator("button.talk").count() == 2
    seen.page.click(f"button.drop[aria-label='{WORDS['talk_erase'].format(asked=WEIR)}']")
    seen.page.get_by_role("button", name=WORDS["erase_yes"]).click()
    seen.page.wait_for_function("document.querySelectorAll('button.talk').length == 1")
    assert seen.page.locator("#chat .turn").count() == 0
    seen.page.keyboard.press("Escape")


def test_another_browser_has_its_own_conversations(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.page.click("#talks-open")
    seen.page.wait_for_function(f"document.querySelector('#talks-list').textContent.includes('{WORDS['no_talks']}')")


def test_an_address_asks(server: Server, visit: Open) -> None:
    seen = visit(server, f"/?q={WEIR}")
    seen.page.wait_for_selector("#said a.ref")
    assert seen.page.url.rstrip("/") == server.address, "a reload does not ask again"
    assert seen.page.locator("#chat .asked").inner_text().endswith(WEIR)


def test_an_address_limits_to_a_document(server: Server, visit: Open) -> None:
    (found,) = [
        one
        for one in httpx.get(f"{server.address}/v1/documents").json()["documents"]
        if one["source"] == "minutes-loei-welfare-2566-03.txt"
    ]
    seen = visit(server, f"/?document={found['document_id']}&q=ปรับเงินช่วยเหลือเป็นคืนละเท่าไร")
    seen.page.wait_for_selector("#said a.ref")
    assert seen.page.locator("#limited .chip").inner_text().startswith(found["title"])
    assert set(seen.page.locator("#sources .file").all_inner_texts()) == {found["source"]}
    assert f"ค้นเฉพาะ {found['title']}" in seen.page.inner_text("#chat")
    missing = visit(server, "/?document=nothing-of-this-name")
    missing.page.wait_for_function(f"document.querySelector('#limits').textContent.includes('{WORDS['no_such_document']}')")
    assert missing.page.locator("#limited .chip").count() == 0
    assert "200,000" in missing.ask(WEIR)


def test_an_answer_is_stopped_and_asked_again(slow: tuple[Server, Slow], visit: Open) -> None:  # noqa: F811
    server, assistant = slow
    seen = visit(server)
    seen.page.wait_for_selector("#limit")
    assert not seen.page.locator("#stop").is_visible()
    seen.page.fill("#question textarea", "กลุ่มออมทรัพย์บ้านทดสอบมีสมาชิกกี่คน")
    seen.page.press("#question textarea", "Enter")
    seen.page.wait_for_function("document.querySelector('#live')?.textContent.includes('ครึ่งแรก')")
    assert not seen.page.locator("#ask").is_visible()
    seen.page.click("#stop")
    seen.page.wait_for_function(f"document.querySelector('#live')?.textContent.includes('{WORDS['stopped']}')")
    assert "บ้านทดสอบมีสมาชิกกี่คน" in seen.page.inner_text("#live .asked")
    assistant.go_on.set()
    seen.settle()  # a click while what was said is drawn anew reaches nothing
    assert "120 คน" in clicked(seen, "#live .again")
    seen.page.wait_for_function("document.querySelectorAll('#chat .asked').length === 1")  # what was stopped is gone
    seen.settle()
    assert "120 คน" in clicked(seen, "#said .again")


def test_the_keyboard_is_enough(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.page.focus("#question textarea")
    seen.page.keyboard.type(BENEFIT)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#said a.ref")
    reached = []
    seen.page.focus(".brand a")
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        reached.append(seen.page.evaluate("document.activeElement.id || document.activeElement.className || ''"))
    named = " ".join(reached)
    for part in ("talks-open", "anew", "ref", "copy", "again", "rate", "copy-link", "ask", "erase"):
        assert part in named, part
    assert reached.index("talks-open") < next(n for n, one in enumerate(reached) if one.startswith("ref"))


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1440, 900)])
def test_nothing_serious_is_wrong_with_the_page(server: Server, visit: Open, width: int, height: int) -> None:
    seen = visit(server, width=width, height=height)
    seen.page.wait_for_selector("#examples button")
    assert faults_in_both_schemes(seen.page) == []
    seen.ask("กองทุนสวัสดิการ จ.เลย ปี 2566 มีมติอะไรบ้าง")
    seen.ask("ใครได้แชมป์ฟุตบอลโลกที่กาตาร์")
    seen.page.click("#limit summary")
    seen.page.get_by_label(WORDS["limit_kinds"]).select_option("minutes")
    seen.page.click("#talks-open")
    seen.page.wait_for_selector("button.talk")
    assert seen.page.evaluate(WIDE) <= 0
    assert faults_in_both_schemes(seen.page) == []
    seen.page.click("button.drop")
    assert seen.page.evaluate(WIDE) <= 0
    assert faults_in_both_schemes(seen.page) == []


def test_thai_has_room_for_its_signs(server: Server, visit: Open) -> None:
    seen = visit(server, width=360, height=740)
    seen.ask(BENEFIT)
    tight = """() => [...document.querySelectorAll('#talk *, #sources *')]
      .filter((one) => one.matches('p, button, .said, li, summary, h2, h3, blockquote'))
      .filter((one) => one.offsetParent && one.innerText.trim())
      .filter((one) => parseFloat(getComputedStyle(one).lineHeight) < 1.45 * parseFloat(getComputedStyle(one).fontSize))
      .map((one) => one.outerHTML.slice(0, 100))"""
    assert seen.page.evaluate(tight) == []
