"""Follow-up questions made to stand alone: what is taken up, what is swapped, and when nothing may be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Turn
from assistant.items import item, reference
from assistant.question import MAX_CHARACTERS, asks_personal_data, understand

TODAY = date(2026, 5, 5)
FUND = "กองทุนสวัสดิการตำบลบางรักตั้งเมื่อไร"
LOEI = "กองทุนสวัสดิการจังหวัดเลย ปี 2566 มีสมาชิกกี่คน"
HOUSES = "จังหวัดพังงา ปี 2566 มีบ้านมั่นคงกี่ครัวเรือน"
WEIR = "โครงการฝายห้วยน้ำแพะได้รับงบประมาณเท่าไร"
FISH = "กลุ่มสตรีแปรรูปปลาบ้านหาดตะโละงามมีปัญหาอะไรบ้าง"
WASTE = "ธนาคารขยะบ้านหนองตาลคู่ จังหวัดราชบุรี มีปัญหาอะไรบ้าง"
NAN = "What was the budget of the weir project in Nan?"
ENGLISH = "How many members did the welfare fund in Loei have in 2023?"
PLANS = "โครงการฟื้นฟูคลองบ้านใหม่มีงานอะไรบ้าง"
LIST = "= งานมีดังนี้\n1. ลอกคลองสายหลัก\n2. ปลูกไม้ริมตลิ่ง [1]\n3. ตั้งเวรดูแลประตูน้ำ [2]"
QUOTES = "= อบต.ห้วยแพะ สมทบ 120,000 บาท [1]\n\nกองทุนสิ่งแวดล้อมตำบล สมทบ 80,000 บาท [2]"

LED = "= In the reports' own words (Thai):\n120,000 บาท [1]\n\n" + QUOTES[2:]
"""The words asked for lead, as an extractive answer has them."""


def history(*said: str) -> list[Turn]:
    """Turns from questions, an answer after each that begins with "= "."""
    return [Turn(role="assistant", content=one[2:]) if one.startswith("= ") else Turn(role="user", content=one) for one in said]


def stands(*said: str) -> str:
    """The stand-alone form of the last of `said`."""
    return understand(said[-1], history(*said[:-1]), today=TODAY).text


FOLLOWED = [
    # The newest report is meant.
    ((LOEI, "ปีล่าสุดล่ะ"), "กองทุนสวัสดิการจังหวัดเลย มีสมาชิกกี่คน ล่าสุด", "2566 ล่ะ"),
    ((LOEI, "แล้วครั้งล่าสุดล่ะคะ"), "กองทุนสวัสดิการจังหวัดเลย มีสมาชิกกี่คน ล่าสุด", "2566 ล่ะ คะ"),
    ((LOEI, "ปัจจุบันล่ะ"), "กองทุนสวัสดิการจังหวัดเลย มีสมาชิกกี่คน ล่าสุด", "2566"),
    ((LOEI, "ล่าสุดมีกี่คน"), "กองทุนสวัสดิการจังหวัดเลย ล่าสุดมีกี่คน", "2566"),
    ((LOEI, "ปีล่าสุดล่ะ", "แล้วปี 2564 ล่ะ"), "กองทุนสวัสดิการจังหวัดเลย มีสมาชิกกี่คน ปี 2564", "2566 ล่าสุด"),
    ((FUND, "มีสมาชิกกี่คนในปี 2564", "ปีล่าสุดล่ะ"), "กองทุนสวัสดิการตำบลบางรัก มีสมาชิกกี่คน ล่าสุด", "2564"),
    ((ENGLISH, "What about the latest year?"), "members welfare fund in Loei most recently", "2023 latest"),
    # The subject is dropped.
    ((FUND, "มีสมาชิกกี่คน"), "กองทุนสวัสดิการตำบลบางรัก มีสมาชิกกี่คน", "ตั้งเมื่อไร"),
    ((FUND, "แล้วมีสมาชิกกี่คนคะ"), "กองทุนสวัสดิการตำบลบางรัก มีสมาชิกกี่คน", "ตั้ง แล้ว คะ"),
    ((FUND, "ใครเป็นประธาน"), "กองทุนสวัสดิการตำบลบางรัก ใครเป็นประธาน", "ตั้งเมื่อไร"),
    ((FUND, "ประธานชื่ออะไรครับ"), "กองทุนสวัสดิการตำบลบางรัก ประธานชื่ออะไร", "ตั้งเมื่อไร ครับ"),
    ((WEIR, "เริ่มเมื่อไหร่"), "โครงการฝายห้วยน้ำแพะ เริ่มเมื่อไหร่", "งบประมาณเท่าไร"),
    ((WEIR, "เมื่อไหร่"), "โครงการฝายห้วยน้ำแพะ เมื่อไหร่", "งบประมาณ"),
    ((WEIR, "ที่ไหนอ่ะ"), "โครงการฝายห้วยน้ำแพะ ที่ไหน", "งบประมาณ"),
    ((FUND, "กี่บาท"), "ตำบลบางรัก กี่บาท", "เมื่อไร"),
    ((FUND, "งบล่ะ"), "กองทุนสวัสดิการตำบลบางรัก งบเท่าไร", "ตั้งเมื่อไร ล่ะ"),
    ((WASTE, "สมาชิกล่ะ"), "ธนาคารขยะบ้านหนองตาลคู่ ราชบุรี สมาชิกกี่คน", "ปัญหา"),
    ((WASTE, "แล้วประธานล่ะคะ"), "ธนาคารขยะบ้านหนองตาลคู่ ใครเป็นประธาน", "ปัญหา ล่ะ คะ"),
    (("ใครเป็นประธานสภาองค์กรชุมชนตำบลคลองพลูทอง", "มีมติอะไรบ้าง"), "สภาองค์กรชุมชนตำบลคลองพลูทอง มีมติอะไรบ้าง", "ประธาน"),
    ((WASTE, "= ตาชั่งเพี้ยน ต้องซื้อใหม่ [1]", "ใครจะซื้อตาชั่ง ราคาเท่าไหร่"), "ธนาคารขยะบ้านหนองตาลคู่ ใครจะซื้อตาชั่ง", "ปัญหา"),
    ((WASTE, "= ตาชั่งเพี้ยน ต้องซื้อใหม่ [1]", "ตาชั่งราคาเท่าไร"), "หนองตาลคู่ ตาชั่งราคาเท่าไร", "ปัญหา"),
    ((WASTE, "แล้วใครต้องทำบัญชีผู้ขายขยะ"), "หนองตาลคู่ ใครต้องทำบัญชีผู้ขายขยะ", "ปัญหา แล้ว"),
    ((HOUSES, "ใครเป็นคนดูแล"), "พังงา 2566 บ้านมั่นคง ใครเป็นคนดูแล", "กี่ครัวเรือน"),
    ((FISH, "กลุ่มจะสมทบเงินเท่าไร"), "กลุ่มสตรีแปรรูปปลาบ้านหาดตะโละงาม จะสมทบเงินเท่าไร", "ปัญหา"),
    ((FUND, "กองทุนมีสมาชิกกี่คน"), "กองทุนสวัสดิการตำบลบางรัก มีสมาชิกกี่คน", "ตั้ง"),
    ((FUND, "งบประมาณปี 2566 เท่าไร"), "กองทุนสวัสดิการตำบลบางรัก งบประมาณปี 2566 เท่าไร", "ตั้ง"),
    ((LOEI, "งบประมาณปี 2565 เท่าไร"), "เลย 2565 งบประมาณ", "2566 สมาชิก"),
    # Words that point back.
    ((WEIR, "โครงการนี้เริ่มเมื่อไร"), "โครงการฝายห้วยน้ำแพะ เริ่มเมื่อไร", "นี้ งบประมาณ"),
    ((WEIR, "ใครรับผิดชอบโครงการดังกล่าว"), "ใครรับผิดชอบ โครงการฝายห้วยน้ำแพะ", "ดังกล่าว งบประมาณ"),
    ((FISH, "โรงตากที่เขาอยากได้ราคาเท่าไร"), "โรงตากที่กลุ่มสตรีแปรรูปปลาบ้านหาดตะโละงามอยากได้", "เขา ปัญหา"),
    ((WASTE, "ที่นั่นมีสมาชิกกี่คน"), "หนองตาลคู่ มีสมาชิกกี่คน", "ที่นั่น ปัญหา"),
    ((WASTE, "พวกเขาประชุมกันวันไหน"), "หนองตาลคู่ ประชุมกันวันไหน", "พวกเขา ปัญหา"),
    ((LOEI, "ปีนั้นใครเป็นประธาน"), "เลย 2566 ใครเป็นประธาน", "ปีนั้น สมาชิก"),
    ((ENGLISH, "When was it founded?"), "the welfare fund in Loei founded", "it members"),
    ((ENGLISH, "Who is their chair?"), "the chair of the welfare fund in Loei", "their members"),
    ((ENGLISH, "what problems are there?"), "welfare fund in Loei problems", "members"),
    ((ENGLISH, "who is the chair?"), "who is the chair of the welfare fund in Loei", "members"),
    ((ENGLISH, "where?"), "welfare fund in Loei where", "members"),
    ((NAN, "Who leads this project?"), "Who leads the weir project in Nan", "this budget"),
    # Another time, place or meeting.
    ((LOEI, "แล้วปี 65 ล่ะ"), "กองทุนสวัสดิการจังหวัดเลย ปี 65 มีสมาชิกกี่คน", "2566 ล่ะ แล้ว"),
    ((LOEI, "แล้วปีที่แล้วล่ะ"), "กองทุนสวัสดิการจังหวัดเลย ปี 2565 มีสมาชิกกี่คน", "2566 ที่แล้ว"),
    ((LOEI, "ปีก่อนหน้านั้นล่ะ"), "ปี 2565 มีสมาชิกกี่คน", "2566 ก่อนหน้า"),
    ((LOEI, "แล้วปีถัดไปล่ะ"), "ปี 2567 มีสมาชิกกี่คน", "2566 ถัดไป"),
    ((LOEI, "ปี ๒๕๖๔"), "เลย มีสมาชิกกี่คน", "2566"),
    ((FUND, "แล้วปี 2565 ล่ะ"), "กองทุนสวัสดิการตำบลบางรักตั้งเมื่อไร ปี 2565", "ล่ะ"),
    (("กองทุนมีสมาชิกกี่คน", "แล้วปีที่แล้วล่ะ"), "กองทุนมีสมาชิกกี่คน ปีที่แล้ว", "ล่ะ"),
    ((ENGLISH, "what about 2022?"), "members did the welfare fund in Loei have in 2022", "2023 what about"),
    ((ENGLISH, "and last year?"), "welfare fund in Loei 2022", "2023 last year"),
    ((LOEI, "what about 2022?"), "กองทุนสวัสดิการจังหวัดเลย ปี 2565 มีสมาชิกกี่คน", "2566 what"),
    ((FUND, "แล้วที่ตรังล่ะ"), "กองทุนสวัสดิการ ตรัง ตั้งเมื่อไร", "บางรัก"),
    ((HOUSES, "แล้วจังหวัดกระบี่ล่ะ"), "จังหวัดกระบี่ ปี 2566 มีบ้านมั่นคงกี่ครัวเรือน", "พังงา"),
    ((HOUSES, "แล้วกระบี่ ปี 2564 ล่ะ"), "กระบี่ 2564 มีบ้านมั่นคงกี่ครัวเรือน", "พังงา 2566"),
    ((ENGLISH, "How about Trang?"), "welfare fund in Trang 2023", "Loei"),
    (("กองทุนสวัสดิการมีกี่กองทุน", "แล้วที่ตรังล่ะ"), "กองทุนสวัสดิการมีกี่กองทุน ตรัง", "ล่ะ"),
    (("ประชุมคณะทำงาน ครั้งที่ 3/2566 มีมติอะไร", "แล้วครั้งที่ 4 ล่ะ"), "ประชุมคณะทำงาน ครั้งที่ 4/2566 มีมติอะไร", "3/2566"),
    ((WASTE, "แล้วฝายห้วยหมากล่ะ"), "ฝายห้วยหมาก มีปัญหาอะไรบ้าง", "ธนาคาร ราชบุรี"),
    (("นายสมชายได้เงินเท่าไร", "แล้วนางบุญมาล่ะ"), "นางบุญมา ได้เงินเท่าไร", "สมชาย"),
    ((FUND, "แล้วกลุ่มออมทรัพย์ล่ะ"), "กลุ่มออมทรัพย์ ตำบลบางรัก ตั้งเมื่อไร", "กองทุน"),
    (("เปิดฝายชะลอน้ำบ้านห้วยหมากวันไหน", "แล้วบ้านหนองแคนล่ะ"), "ฝายชะลอน้ำ บ้านหนองแคน วันไหน", "หมาก"),
    # Items of the answer.
    ((PLANS, LIST, "ข้อ 2 ล่ะ"), "โครงการฟื้นฟูคลองบ้านใหม่ ปลูกไม้ริมตลิ่ง", "ข้อ อะไรบ้าง [1] ตั้งเวร"),
    ((PLANS, LIST, "อันแรกใช้งบเท่าไร"), "โครงการฟื้นฟูคลองบ้านใหม่ ลอกคลองสายหลัก ใช้งบเท่าไร", "อันแรก อะไรบ้าง"),
    ((PLANS, LIST, "แล้วกิจกรรมแรกใครทำ"), "ลอกคลองสายหลัก ใครทำ", "กิจกรรมแรก"),
    ((PLANS, LIST, "ขยายความอันสุดท้ายหน่อย"), "ตั้งเวรดูแลประตูน้ำ", "อันสุดท้าย"),
    ((WEIR, QUOTES, "อันที่สองล่ะ"), "โครงการฝายห้วยน้ำแพะ กองทุนสิ่งแวดล้อมตำบล สมทบ", "อันที่ 120,000"),
    ((WEIR, LED, "อันที่สองล่ะ"), "โครงการฝายห้วยน้ำแพะ กองทุนสิ่งแวดล้อมตำบล สมทบ", "อันที่ 120,000"),
    ((WEIR, LED, "อันแรกใครอนุมัติ"), "อบต.ห้วยแพะ สมทบ ใครอนุมัติ", "อันแรก 80,000 words"),
    ((WEIR, QUOTES, "the second one"), "โครงการฝายห้วยน้ำแพะ กองทุนสิ่งแวดล้อมตำบล", "second"),
    ((WEIR, QUOTES, "ที่มา [1] พูดถึงใคร"), "อบต.ห้วยแพะ พูดถึงใคร", "ที่มา กองทุนสิ่งแวดล้อม"),
    ((PLANS, "= - แผน ก ไก่\n- แผน ข ไข่", "อันที่ 2 เริ่มเมื่อไร"), "แผน ข ไข่ เริ่มเมื่อไร", "อันที่"),
    ((PLANS, "= ได้แก่ (๑) งานข้อมูล (๒) งานสื่อสาร", "ข้อสองใครทำ"), "งานสื่อสาร ใครทำ", "ข้อสอง งานข้อมูล"),
    # Corrections, more of the same, chains.
    ((LOEI, "ไม่ใช่ หมายถึงปี 2565"), "กองทุนสวัสดิการจังหวัดเลย ปี 2565 มีสมาชิกกี่คน", "2566 หมายถึง ไม่ใช่"),
    ((LOEI, "ผมหมายถึงจังหวัดตรัง"), "กองทุนสวัสดิการจังหวัดตรัง ปี 2566 มีสมาชิกกี่คน", "เลย หมายถึง"),
    ((ENGLISH, "no, I meant Trang"), "welfare fund in Trang have in 2023", "Loei meant"),
    ((LOEI, "ไม่ใช่ครับ ปี 2564"), "เลย ปี 2564 มีสมาชิกกี่คน", "2566 ไม่ใช่"),
    ((LOEI, "พิมพ์ผิด ปี 2564"), "เลย ปี 2564 มีสมาชิกกี่คน", "2566 ผิด"),
    ((LOEI, "เทียบกับปี 2565 เพิ่มขึ้นไหม"), "เลย 2566 เทียบกับปี 2565 เพิ่มขึ้นไหม", "กี่คน"),
    ((FUND, "แล้วสภาองค์กรชุมชนที่นั่นประชุมเรื่องอะไร"), "สภาองค์กรชุมชนที่ตำบลบางรัก", "กองทุน ที่นั่น"),
    ((LOEI, "หมายถึงงบประมาณ"), "เลย 2566 งบประมาณเท่าไร", "สมาชิก หมายถึง"),
    ((WASTE, "ขยายความหน่อย"), WASTE, "ขยายความ"),
    ((WASTE, "ขอรายละเอียดเพิ่มเติมหน่อยครับ"), WASTE, "เพิ่มเติม"),
    ((ENGLISH, "tell me more"), ENGLISH, "more"),
    ((FUND, "มีสมาชิกกี่คน", "แล้วปี 65 ล่ะ"), "กองทุนสวัสดิการตำบลบางรัก มีสมาชิกกี่คน 65", "ตั้ง"),
    ((FUND, "มีสมาชิกกี่คน", "ใครเป็นประธาน", "แล้วที่ตรังล่ะ"), "กองทุนสวัสดิการ ตรัง ใครเป็นประธาน", "บางรัก สมาชิก ตั้ง"),
    ((LOEI, "แล้วปีที่แล้วล่ะ", "แล้วปีก่อนหน้านั้นล่ะ"), "เลย ปี 2564 มีสมาชิกกี่คน", "2566 2565"),
    ((FUND, "= ปี 2550 [1]", "ขอบคุณครับ", "= …", "มีสมาชิกกี่คน"), "กองทุนสวัสดิการตำบลบางรัก มีสมาชิกกี่คน", "ขอบคุณ"),
    ((LOEI, "ขอบคุณค่ะ แล้วปี 65 ล่ะ"), "ปี 65 มีสมาชิกกี่คน", "ขอบคุณ 2566"),
    ((FUND, WASTE, "สมาชิกกี่คน"), "ธนาคารขยะบ้านหนองตาลคู่ สมาชิกกี่คน", "บางรัก กองทุน"),
]  # fmt: skip

ALONE = [
    (FUND, "ธนาคารขยะคืออะไร"),
    (FUND, "โครงการฝายห้วยน้ำแพะใช้งบเท่าไร"),
    (FUND, "กองทุนสวัสดิการจังหวัดตรังมีสมาชิกกี่คน"),
    (FUND, "กองทุนสวัสดิการตำบลบางรักมีสมาชิกกี่คน"),
    (FUND, "ใครได้แชมป์ฟุตบอลโลกที่กาตาร์"),
    (FUND, "ขอสูตรทำขนมเค้กช็อกโกแลต"),
    (FUND, "ใครเป็นประธานสภาองค์กรชุมชนตำบลคลองพลูทอง"),
    (LOEI, "น้ำท่วมชัยนาทรอบนั้นคนหนีไปอยู่ศูนย์พักพิงกันกี่คน"),
    (LOEI, "ตาชั่งธนาคารขยะราชบุรีมันเพี้ยน ตกลงใครจะซื้อใหม่"),
    (LOEI, "จังหวัดน่านมีโครงการอะไรบ้าง"),
    (WEIR, "ธนาคารปูม้าแหลมไทรงามปล่อยลูกปูไปกี่ตัว"),
    (WEIR, "How many members does the welfare fund in Loei have?"),
    (WEIR, "What is a community council?"),
    (ENGLISH, "Which villages does the weir project in Nan cover?"),
    (ENGLISH, "โครงการบ้านมั่นคงชนบทโนนสะอาดคำเหลือกี่ครัวเรือน"),
    (WASTE, "ห้องสมุดเรือหางยาวที่นครพนมแวะจอดที่ท่าไหนบ้าง"),
    (WASTE, "ราคายางพาราวันนี้กิโลละเท่าไร"),
    (WASTE, "ไฟป่าที่แม่ผึ้งงามลดไปเยอะมั้ย จากกี่จุดเหลือกี่จุด"),
    (WASTE, "สภาองค์กรชุมชนตำบลเขาขลุงมีมติอะไร"),
    (HOUSES, "ช่วยแนะนำวิธีตั้งค่าเราเตอร์ไวไฟที่บ้านให้แรงขึ้นหน่อย"),
    (HOUSES, "นายสมชาย ใจดี เป็นใคร"),
    (FUND, "ขอบคุณมากครับ"),
    (FUND, "สวัสดีค่ะ"),
    (ENGLISH, "Thank you very much!"),
]


@pytest.mark.parametrize(("said", "has", "has_not"), FOLLOWED, ids=[" / ".join(said) for said, _, _ in FOLLOWED])
def test_a_follow_up_takes_up_what_it_leaves_out(said: tuple[str, ...], has: str, has_not: str) -> None:
    query = understand(said[-1], history(*said[:-1]), today=TODAY)
    assert query.carried and query.asked != query.text
    for words in has.split():
        assert words.lower() in query.text.lower(), query.text
    for words in has_not.split():
        assert words.lower() not in query.text.lower().split() if words.isascii() else words not in query.text, query.text


@pytest.mark.parametrize(("before", "asked"), ALONE)
def test_a_question_of_its_own_takes_up_nothing(before: str, asked: str) -> None:
    query = understand(asked, history(before, "= กองทุนมีสมาชิก 845 คน [1]"), today=TODAY)
    assert query.text == asked and not query.carried


@pytest.mark.parametrize(
    ("before", "asked", "text"),
    [
        (FUND, "แล้วโครงการฝายห้วยน้ำแพะใช้งบเท่าไร", "โครงการฝายห้วยน้ำแพะใช้งบเท่าไร"),
        (FUND, "ส่วนธนาคารขยะบ้านหนองตาลคู่มีสมาชิกกี่คน", "ธนาคารขยะบ้านหนองตาลคู่มีสมาชิกกี่คน"),
        (ENGLISH, "And what is the budget of the weir project in Nan?", "what is the budget of the weir project in Nan"),
    ],
)
def test_a_new_subject_after_a_linking_word_takes_up_nothing(before: str, asked: str, text: str) -> None:
    query = understand(asked, history(before), today=TODAY)
    assert query.text.rstrip("?") == text and not query.carried


@pytest.mark.parametrize(("said", "has", "has_not"), FOLLOWED, ids=[" / ".join(said) for said, _, _ in FOLLOWED])
def test_a_stand_alone_form_typed_again_stays_as_it_is(said: tuple[str, ...], has: str, has_not: str) -> None:
    whole = stands(*said)
    assert stands(*said[:-1], whole) in (whole, whole.rstrip("?")), "it was edited by a person, and means what it says"


def test_what_is_swapped_out_is_in_no_concept() -> None:
    query = understand("แล้วที่ตรัง ปี 2564 ล่ะ", history(LOEI), today=TODAY)
    assert {concept.name for concept in query.concepts if concept.required} == {"ตรัง", "ปี 2564"}
    assert "2566" not in str(query.concepts) and "เลย" not in str(query.concepts)
    assert query.wanted == ("amount",), "the same is asked for"
    assert understand("ใครเป็นประธาน", history(LOEI)).wanted == ("who",)


def test_personal_data_is_refused_in_a_follow_up_too() -> None:
    assert asks_personal_data(understand("แล้วของนางบุญมาล่ะ", history("ขอเบอร์โทรของนายสมชาย ใจดี")))
    assert not asks_personal_data(understand("ตั้งเมื่อไร", history("ขอเบอร์โทรของประธานกองทุนสวัสดิการตำบลบางรัก")))


@pytest.mark.parametrize(
    ("text", "n"),
    [("ข้อ ๓", 3), ("อันแรก", 1), ("the second one", 2), ("คนสุดท้าย", -1), ("item two", 2), ("วันแรก", None),
     ("แผนที่หมู่บ้าน", None), ("ปีที่ 2", None), ("กลุ่ม 15 คน", None)]
)  # fmt: skip
def test_which_item_is_meant(text: str, n: int | None) -> None:
    found = reference(text)
    assert (found.n if found else None) == n


def test_an_item_that_is_not_there_is_none() -> None:
    found = reference("ข้อ 9")
    assert found and item(LIST, found) == ""
    assert understand("ข้อ 9 ว่าอย่างไร", history(PLANS, LIST)).text == "โครงการฟื้นฟูคลองบ้านใหม่ ข้อ 9 ว่าอย่างไร"


PIECES = [
    "แล้ว",
    "ล่ะ",
    "ปี 2565",
    "ที่ตรัง",
    "นี้",
    "เขา",
    "ข้อ 2",
    "กี่บาท",
    "ไม่ใช่",
    "หมายถึง",
    "กองทุน",
    " ",
    "it ",
    "what about ",
    "[1]",
    "ๆ",
    "ที่แล้ว",
    "ของ",
]


@given(
    st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join).filter(str.strip), min_size=1, max_size=4)
)
def test_no_conversation_is_an_exception_or_grows_without_end(said: list[str]) -> None:
    query = understand(said[-1], history(*said[:-1]), today=TODAY)
    assert query.text and len(query.text) <= MAX_CHARACTERS


def test_only_the_latest_questions_are_understood() -> None:
    assert stands(FUND, *["มีสมาชิกกี่คน"] * 5, "ใครเป็นประธาน").startswith("กองทุนสวัสดิการตำบลบางรัก")
    assert "บางรัก" not in stands(FUND, *["มีสมาชิกกี่คน"] * 15, "ใครเป็นประธาน")
