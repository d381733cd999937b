"""Imported once by the process that others are forked from: all that each of them would have to load for itself."""

import chromadb as chromadb  # while no archive is open, and no thread at work

from assistant import question
from ingest.chunk import passages
from tests.fakes import HashEmbedder
from tests.vectorstore import left_over as left_over
from tests.vectorstore.killing import made
from vectorstore import gazetteer as gazetteer
from vectorstore import thai
from vectorstore.lexical import fields

_made = made("อุ่น.txt", 1)
for _passage in passages(_made):
    fields(_passage.text, _made.title)
HashEmbedder().embed([_made.text])
thai.dictionary_version()
question.understand(f"{_made.title} มีมติว่าอย่างไร")
