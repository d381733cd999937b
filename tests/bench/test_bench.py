"""The harness itself: cases, measures, tables, and a handful of documents through ours and, where installed, the peers."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import pytest

from assistant import evaluation
from tests.bench import __main__, cases, growth, load, quotes, reading, runner, systems, tables, worker
from tests.bench.answers import answered
from tests.bench.cases import Asked, Case
from tests.bench.line import Line
from tests.bench.memory import Peak, own_peak
from tests.bench.page import Page
from tests.bench.results import Build, Run, WayRun, latency, rows
from vectorstore import thai

TEXTS = {
    "fund": ("กองทุนสวัสดิการตำบลนาหินแก้ว", "กองทุนมีสมาชิก 845 คน จ่ายสวัสดิการปีละสองครั้ง"),
    "weir": ("ฝายบ้านห้วยหมาก", "ชาวบ้านเปิดฝายชะลอน้ำ 15 ตัว ใช้งบประมาณ 196,400 บาท"),
    "house": ("บ้านมั่นคงคลองเตย", "สร้างบ้านเสร็จ 40 หลัง ชาวชุมชนย้ายเข้าอยู่แล้ว"),
}
QUESTIONS = (
    Asked("กองทุนสวัสดิการมีสมาชิกกี่คน", ("fund",), "plain"),
    Asked("ฝายชะลอน้ำใช้งบประมาณเท่าไร", ("weir",), "plain"),
    Asked("สร้างบ้านเสร็จกี่หลัง", ("house", "gone"), "two"),
)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    lines = (json.dumps({"id": name, "title": title, "body": body}) for name, (title, body) in TEXTS.items())
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Case("handful", path, QUESTIONS)


def test_documents_are_read_alike_from_a_folder_and_an_export(case: Case, tmp_path: Path) -> None:
    assert dict(cases.documents(case.documents)) == {name: f"{title}\n{body}" for name, (title, body) in TEXTS.items()}
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("ข้อความ", encoding="utf-8")
    assert list(cases.documents(tmp_path / "folder")) == [("a.txt", "ข้อความ")]


def test_ours_is_measured_with_both_halves(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    run = worker.measured(systems.load("ours", folder), case, folder)
    usual, words, vectors = rows(case, len(TEXTS), run)
    assert (usual.system, words.system, vectors.system) == (systems.OURS, "its words alone", "its vectors alone")
    assert usual.groups["plain"].questions == 2 and usual.groups["plain"].first.value == 1.0
    assert usual.groups["two"].in_5.value == 1.0 and usual.groups["two"].ndcg.value < 1.0
    assert usual.latency and usual.build and usual.build.passages >= 3 and usual.build.disk_bytes > 0
    assert words.latency is None and words.build is None


@pytest.mark.slow
@pytest.mark.parametrize("name", list(systems.NEEDS))
def test_each_system_in_its_own_process_finds_the_handful(case: Case, tmp_path: Path, name: str) -> None:
    if lacking := systems.missing(name):
        pytest.skip(f"not installed: {', '.join(lacking)} (pip install -e '.[bench]')")
    found = list(runner.compare(case, [name], tmp_path))
    assert found and found[0].documents == 3
    assert found[0].groups["plain"].in_5.value == 1.0
    assert not (tmp_path / name).exists()
    assert case.name in tables.speed(found)


def test_what_is_not_installed_or_fails_is_left_out(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(systems.NEEDS, "txtai", ("no_such_package",))
    assert list(runner.compare(case, ["txtai"], tmp_path)) == []
    assert "no_such_package not installed" in capsys.readouterr().err
    monkeypatch.setitem(systems.NEEDS, "nobody", ())
    assert list(runner.compare(case, ["nobody"], tmp_path)) == []
    assert "nobody FAILED" in capsys.readouterr().err


def test_tables_give_ratios_to_ours() -> None:
    asked = Case("c", Path("x"), QUESTIONS[:1])
    ours = Run((WayRun(systems.OURS, (("fund",),), (0.010, 0.010)),), Build(3, 2.0, 100_000_000, 4_000_000))
    peer = Run(
        (WayRun("peer", (("weir", "fund"),), (0.030, 0.030)), WayRun("peer two", ((),), (0.005,))),
        Build(5, 8.0, 200_000_000, 1_000_000),
    )
    found = [*rows(asked, 100, ours), *rows(asked, 100, peer)]
    assert tables.speed(found).splitlines()[2:] == [
        "| c | ThamKhlang | 3 | 10.0 / 10.0 / 10.0 | 1.00 | 50 | 1.00 | 100 | 4.0 | 1.00 |",
        "| c | peer | 5 | 30.0 / 30.0 / 30.0 | 3.00 | 12 | 0.25 | 200 | 1.0 | 0.25 |",
        "| c | peer two | - | 5.0 / 5.0 / 5.0 | 0.50 | - | - | - | - | - |",
    ]
    lines = tables.retrieval(found).splitlines()
    assert lines[2].startswith("| plain | ThamKhlang | 1 | 100.0 (100.0–100.0) |")
    assert "| plain | peer | 1 | 0.0 (0.0–0.0) | 100.0 (100.0–100.0) | 100.0 (100.0–100.0) | 50.0 (50.0–50.0) |" in lines[3]
    assert len({line.count("|") for line in lines}) == 1


def test_percentiles_are_in_milliseconds() -> None:
    of = latency([number / 1000 for number in range(101)])
    assert of and (of.p50, of.p95, of.p99) == pytest.approx((50, 95, 99))
    assert latency([]) is None


def test_answers_have_their_row(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "fund.txt").write_text("\n".join(TEXTS["fund"]), encoding="utf-8")
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"id": 1, "q": QUESTIONS[0].text, "doc": "fund.txt", "must": [["845"]]},
        {"id": 2, "q": "ปี 2590 เป็นอย่างไร", "abstain": True},
    ]
    questions.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    row = tables.answers([answered("try", tmp_path / "home", folder, questions)]).splitlines()[2]
    assert row.startswith("| try (1 documents, ") and "| 100.0 (100.0–100.0) |" in row


def test_memory_is_this_process_and_its_children() -> None:
    with Peak() as peak:
        assert peak.bytes() >= own_peak() > 10_000_000


def test_only_the_cases_that_have_their_data_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cases, "SHARED", tmp_path / "nothing")
    for make in (cases.iapp, cases.pud, cases.reports, cases.community, cases.full):
        assert make(tmp_path) is None
    __main__.main(["iapp", "full", "--systems", "ours"])
    told = capsys.readouterr()
    assert "iapp left out" in told.err and "python -m tests.bench iapp full --systems ours" in told.out


@pytest.fixture
def work(shared: Path, tmp_path: Path) -> Iterator[Path]:
    if not (shared / "data" / "iapp_valid.jsonl.zst").exists():
        pytest.skip("no data beside the checkout")
    yield tmp_path


def test_the_cases_ask_for_documents_that_they_have(work: Path) -> None:
    for case in (cases.iapp(work), cases.pud(work), cases.reports(work), cases.community(work), cases.full(work, 100)):
        assert case
        names = {name for name, _ in cases.documents(case.documents)}
        assert all(names.intersection(question.right) for question in case.questions), case.name
    full = cases.full(work, 100)
    assert full and {question.group for question in full.questions} == {
        "iapp_valid among the articles",
        "gov_dev, Thai",
        "gov_dev, English",
    }


def test_an_answer_stands_in_the_quotes_that_fit() -> None:
    assert quotes._stands(["มีสมาชิก ๘๔๕ คน"], thai.fold("845 คน"), quotes.FIRST)
    assert not quotes._stands(["ก" * 161 + "845 คน"], thai.fold("845 คน"), quotes.FIRST)
    assert not quotes._stands(["ก" * 400, "ข" * 81 + "845 คน"], thai.fold("845 คน"), quotes.SHOWN)
    share = evaluation.share([True, False])
    assert "50.0 (0.0–100.0)" in tables.quotes(quotes.Quoted(2, share, share, share, 141.0))


def test_how_fast_documents_are_read_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST", 5)
    some = reading.read()
    assert len(some) == 3 and all(one.documents and one.rate > 0 for one in some)
    assert tables.reading(some).count("\n") >= 4


def test_the_table_of_line_tells_what_became_of_the_events() -> None:
    took = [0.001 * n for n in range(1, 101)]
    told = tables.line(Line(acknowledged_s=took, refused=1, answered=90, later=5, late=4, lost=0, added=7))
    assert "| 100 | 200 | 51 / 96 / 100 / 100 | 1 | 90 | 5 | 4 | 0 |" in told and "7 documents" in told


def test_the_table_of_the_page_tells_the_longest_wait() -> None:
    told = tables.page(Page(usable_s=[1.0, 2.0, 3.0], first_words_s=[0.2], taken_s=[3.0, 4.0], at_once_s=[0.5, 1.5]))
    assert "| from opening the page until it can be used | 3 | 2.00 | 3.00 |" in told
    assert "| from choosing a DOCX and a broken PDF until the first answers | 2 | 3.50 | 4.00 |" in told
    assert "| 2 ask at once: until an answer is whole | 2 | 1.00 | 1.50 |" in told


@pytest.mark.slow
def test_an_archive_is_measured_as_it_grows(case: Case, tmp_path: Path) -> None:
    found = list(growth.growth(case, tmp_path, (20, 90)))
    assert len(found) == 2 and [one.passages for one in found] == [50, 100] and found[1].added == 50
    assert all(one.latency.p50 > 0 and one.disk_bytes > 0 and one.peak_bytes > 0 for one in found)
    assert tables.growth(found).count("\n") == 3
    if find_spec("matplotlib"):
        growth.plot(found, tmp_path / "growth.svg")
        assert (tmp_path / "growth.svg").read_text(encoding="utf-8").count("<path") > 20


def test_repeated_articles_are_others_each_time() -> None:
    lines = [json.dumps({"id": name, "body": "\n".join(f"บรรทัด {n} ของ {name}" for n in range(30))}) for name in "abc"]
    some = list(islice(growth.altered(lines), 9))
    assert [one["id"] for one in some] == ["a", "b", "c", "a-1", "b-1", "c-1", "a-2", "b-2", "c-2"]
    assert len({one["body"] for one in some}) == 9 and some[3]["body"].count("\n") == 29


@pytest.mark.slow
def test_a_server_is_measured_while_it_is_asked_at_once(tmp_path: Path) -> None:
    asked = load.questions_in(__main__.SAMPLE_QUESTIONS)[:3]
    of = load.load(tmp_path, None, asked, 4.0)
    assert [(one.path, one.clients) for one in of.rounds] == [(path, n) for path in load.PATHS for n in load.CLIENTS]
    for one in (*of.rounds, of.steady):
        assert one.answers and one.latency and not one.errors, one
    assert of.memory and min(of.memory) > 10_000_000
    assert tables.load(of).count("| 0 |") >= 7 and "Memory of the server in the last line" in tables.load(of)
