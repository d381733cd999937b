"""Who is who: one name for each organisation, and nothing that only looks like a name."""

import numpy as np
import pytest

from assistant.bodies import bodies, matching, named


@pytest.mark.parametrize(
    ("short", "full", "name"),
    [
        ("พอช.", "สถาบันพัฒนาองค์กรชุมชน", "สถาบันพัฒนาองค์กรชุมชน"),
        ("กฟน.", "บริษัทในเครือของการไฟฟ้านครหลวง", "การไฟฟ้านครหลวง"),
        ("กนง.", "สถาบันการเงินจะทยอยปรับขึ้นอัตราดอกเบี้ยตามที่คณะกรรมการนโยบายการเงิน", "คณะกรรมการนโยบายการเงิน"),
        ("กอ.รมน.", "สถาบันหลักของชาติ", None),
        ("รมว.พม.", "กระทรวงการพัฒนาสังคมและความมั่นคงของมนุษย์", None),
        ("อสม.", "เครื่องมือของชุมชน", None),
    ],
)
def test_the_name_that_an_abbreviation_stands_for(short: str, full: str, name: str | None) -> None:
    assert named(short, full) == name


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_a_body_has_all_documents_that_name_it_in_any_way() -> None:
    found = bodies(
        {"สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน)": rows(0, 1), "โครงการที่เสนอสำนักงานจังหวัด": rows(5), "กรมการจัดหางาน": rows(2)},
        {"พอช. = สถาบันพัฒนาองค์กรชุมชน": rows(3), "พอช. = สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน)": rows(1), "AI = ศูนย์การผลิต": rows(4)},
    )
    assert [body.name for body in found] == ["สถาบันพัฒนาองค์กรชุมชน", "กรมการจัดหางาน"]
    assert found[0].shorts[0] == "พอช." and found[0].rows.tolist() == [0, 1, 3] and found[0].explained.tolist() == [1, 3]


def test_a_slip_among_many_explanations_is_left_out() -> None:
    found = bodies({}, {"สธ. = กระทรวงสาธารณสุข": np.arange(40), "สธ. = กระทรวงสาธาณสุข": rows(41)})
    assert [body.name for body in found] == ["กระทรวงสาธารณสุข"]


def test_an_abbreviation_is_found_whatever_its_dots() -> None:
    found = bodies({}, {"ธ.ก.ส. = ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร": rows(0), "พอช. = สถาบันพัฒนาองค์กรชุมชน": rows(1)})
    assert [body.shorts[0] for body in matching(found, "ธกส")] == ["ธ.ก.ส."]
    assert [body.shorts[0] for body in matching(found, "องค์กร ชุมชน")] == ["พอช."]
    assert matching(found, "ไม่มี") == []
