"""A small archive of invented reports behind an assistant."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from ingest import passages, read_document
from tests.fakes import HashEmbedder
from vectorstore import Store

MINUTES = """บันทึกการประชุมกองทุนสวัสดิการชุมชนตำบลนาหินแก้ว ครั้งที่ 2/2566
วันที่ 18 มิถุนายน 2566 ณ ห้องประชุม อบต.นาหินแก้ว จังหวัดเลย

วาระที่ 1 เรื่องแจ้งเพื่อทราบ
1.1 กองทุนมีสมาชิก 845 คน เพิ่มจากปีก่อน

วาระที่ 2 เรื่องพิจารณา
2.1 การตั้งคณะทำงานตรวจบัญชี
มติที่ประชุม เห็นชอบตั้งคณะทำงานตรวจบัญชี ประกอบด้วย
1.นางบุญมา ใจเย็น
2.นายสมหวัง รักถิ่น
3.นายคำปัน ดอนแก้ว
2.2 งบประมาณปี 2566
มติที่ประชุม อนุมัติงบประมาณ 107,500 บาท จ่ายสวัสดิการให้แล้วเสร็จภายในวันที่ 30 กันยายน 2566
"""
NEWS = """ข่าวเปิดฝายชะลอน้ำบ้านห้วยหมาก
น่าน : วันที่ 14 มีนาคม 2566 ชาวบ้านห้วยหมากเปิดฝายชะลอน้ำ 15 ตัว ใช้งบประมาณ 196,400 บาท นำโดยนายอุทัย ผาขาว ประธานกลุ่ม
รายงาน : ศรีนวล ดอยงาม
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home", HashEmbedder(dimension=256)) as opened:
        documents = [read_document("minutes.txt", MINUTES.encode()), read_document("news.txt", NEWS.encode())]
        opened.add([(document, passages(document)) for document in documents])
        yield opened


@pytest.fixture
def assistant(store: Store) -> Assistant:
    return Assistant(store)
