from vectorstore.names import heard
from vectorstore.rerank import Candidate
from vectorstore.types import Concept, Header, Passage


def candidate(title: str, text: str = "ไม่มีชื่อ") -> Candidate:
    passage = Passage(id=title, document_id=title, start=0, end=len(text), text=text)
    return Candidate(passage, Header(id=title, source=title, title=title), 1.0, 0.5)


def english(name: str) -> Concept:
    return Concept(name=name, alternatives=(name,), weight=0.3)


NEWS = [
    candidate("จุติ ลงพื้นที่ภูเก็ต"),
    candidate("มอบบ้านพอเพียง", "นายสมศักดิ์ เทพสุทิน ไปบ้านหนองกวาง"),
    candidate("ประชุมป่าชุมชน"),
]


def test_a_name_is_heard_in_titles_and_after_what_people_and_villages_are_called() -> None:
    found = {
        concept.name: (concept, count) for concept, count in heard({english(n): 0.3 for n in ("Juti", "Somsak")}, NEWS).items()
    }
    assert found["Juti"][0].alternatives == ("จุติ", "Juti") and found["Juti"][1] == 1
    assert found["Somsak"][0].alternatives == ("สมศักดิ์", "Somsak") and found["Somsak"][0].weight == 1
    (concept,) = heard({english("Nong Kwang"): 0.3}, NEWS)
    assert "หนองกวาง" in concept.alternatives


def test_what_is_no_name_or_has_a_thai_form_stays() -> None:
    known = Concept(name="Phuket", alternatives=("ภูเก็ต", "Phuket"))
    asked = {english("juti"): 0.3, english("Ann"): 0.3, english("Rotterdam"): 0.3, known: 0.9}
    assert heard(asked, NEWS) == asked
