"""Our search as LangChain sees it."""

from assistant.retriever import ArchiveRetriever
from vectorstore import Filter, Store


def test_documents_carry_what_a_citation_needs(store: Store) -> None:
    found = ArchiveRetriever(archive=store, k=3).invoke("ฝายชะลอน้ำ 15 ตัว")
    assert 0 < len(found) <= 3
    first = found[0]
    assert first.metadata["source"] == "news.txt"
    text = store.document(first.metadata["document_id"]).text
    assert text[first.metadata["start"] : first.metadata["end"]] == first.page_content
    assert [doc.metadata["score"] for doc in found] == sorted((doc.metadata["score"] for doc in found), reverse=True)


def test_a_filter_is_kept(store: Store) -> None:
    found = ArchiveRetriever(archive=store, wanted=Filter(documents=("minutes.txt",))).invoke("ฝายชะลอน้ำ")
    assert {document.metadata["source"] for document in found} <= {"minutes.txt"}


def test_it_composes_with_langchain(store: Store) -> None:
    chain = ArchiveRetriever(archive=store, k=1) | (lambda found: found[0].page_content)
    assert "สมาชิก 845 คน" in chain.invoke("สมาชิกกองทุน 845")
