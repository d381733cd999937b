"""EML by the standard library: subject, sender's name, date and body; attachments are documents of their own."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from ingest.errors import EmptyDocument, IngestError, UnreadableDocument
from ingest.plain import decode, lines_of
from ingest.raw import Raw, RawLine

FAULTS = (MessageError, ValueError, KeyError, TypeError, AttributeError, IndexError, LookupError, AssertionError)
"""What the email package raises for a message that makes no sense to it."""
EXHAUSTED = (RecursionError, MemoryError)

_HEAD = re.compile(rb"(?:[!-9;-~]{1,76}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
_KNOWN = re.compile(rb"^(?:from|subject|date|message-id|mime-version|received|return-path|to):", re.IGNORECASE | re.MULTILINE)
_THAI_WORD = re.compile(rb"=\?(?:windows-874|x-windows-874|iso-8859-11)\?", re.IGNORECASE)
_THAI = {"tis-620", "tis620", "windows-874", "x-windows-874", "iso-8859-11", "cp874"}
_QUOTED = re.compile(r"^(?:> ?)+")
_PICTURE = "image/"


def is_mail(content: bytes) -> bool:
    """Whether `content` begins like a message: several headers, three of them among those that mail has."""
    head = _HEAD.match(content.lstrip()[:20_000])
    return head is not None and len({name.lower() for name in _KNOWN.findall(head[0])}) >= 3


def read_mail(source: str, content: bytes) -> Raw:
    """A message's lines: its subject as a heading, its sender's name (no address), and its body with what it quotes.

    Raises:
        UnreadableDocument: it makes no sense.
        EmptyDocument: it has neither subject nor body.
        InvalidEncoding: the encoding of its body cannot be told.
    """
    try:
        message = _parsed(content)
        subject = _text_of(message, "subject")
        body = _body(source, message)
        name = parseaddr(_text_of(message, "from"))[0].strip()
        date = _date(message)
    except IngestError:
        raise
    except FAULTS as error:
        raise UnreadableDocument(source) from error
    except EXHAUSTED as error:
        raise UnreadableDocument(source, "โครงสร้างซับซ้อนเกินไป") from error
    lines = [RawLine(subject, kind="heading", level=1)] if subject else []
    lines += [RawLine(f"จาก: {name}")] if name and "@" not in name else []
    if not subject and not any(line.text.strip() for line in body):
        raise EmptyDocument(source)
    return Raw([*lines, RawLine(""), *body], title=subject or None, date=date)


def attachments(content: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file that hangs on a message; pictures that are shown within the text are no files of their own.

    Raises:
        ValueError, and what else FAULTS names: the message makes no sense.
    """
    message = _parsed(content)
    body = {id(part) for part in (_best(message, kind) for kind in ("plain", "html")) if part is not None}
    for number, part in enumerate(_leaves(message), 1):
        name = _name(part)
        shown = part.get_content_type().startswith(_PICTURE) and part.get("content-id")
        forwarded = part.get_content_type() == "message/rfc822"
        if id(part) in body or shown or not (name or forwarded or part.get_content_disposition() == "attachment"):
            continue
        payload: Any = part.get_payload(decode=True)
        if forwarded:
            inner: Any = part.get_payload()
            payload = inner[0].as_bytes() if inner else b""
            name = name or f"{number}.eml"
        if payload:
            yield name or f"{number}", payload


def _parsed(content: bytes) -> EmailMessage:
    """Python knows the Thai code pages of Windows by another name."""
    message = message_from_bytes(_THAI_WORD.sub(b"=?cp874?", content.lstrip()), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def _leaves(message: Message) -> Iterator[Any]:
    """The parts that hold no others; a message that hangs on this one is one."""
    if message.get_content_maintype() == "multipart":
        for part in message.iter_parts() if isinstance(message, EmailMessage) else []:
            yield from _leaves(part)
    else:
        yield message


def _best(message: EmailMessage, kind: str) -> Any:
    """The part of the body that is text/`kind`, None without one."""
    try:
        return message.get_body((kind,))
    except FAULTS:
        return None


def _body(source: str, message: EmailMessage) -> list[RawLine]:
    """The plain text, or the page where there is no other."""
    part = _best(message, "plain")
    text = _decoded(source, part) if part is not None else ""
    if text.strip():
        flowed = str(part.get_param("format", "") or "").lower() == "flowed"
        return [_unquoted(line) for line in lines_of(_rejoined(text) if flowed else text)]
    page = _best(message, "html")
    if page is None:
        return []
    from ingest.webpage import read_webpage

    try:
        return read_webpage(source, _decoded(source, page).encode()).lines
    except EmptyDocument:
        return []


def _decoded(source: str, part: Any) -> str:
    content: Any = part.get_payload(decode=True) or b""
    if str(part.get_content_charset() or "").lower() in _THAI:
        return bytes(content).decode("cp874", errors="replace")
    return decode(source, content)


def _rejoined(text: str) -> str:
    """Lines that a mail program broke and marked by a space at their end (RFC 3676)."""
    return re.sub(r" \r?\n(?!>|-- )(?=\S)", " ", text)


def _unquoted(line: RawLine) -> RawLine:
    """What a reply quotes, without the marks before it."""
    text = _QUOTED.sub("", line.text)
    return line if text == line.text else RawLine(text, kind=line.kind)


def _text_of(message: EmailMessage, name: str) -> str:
    """A header on one line; raw bytes in it are UTF-8 or TIS-620."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    text = _unencoded(raw)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = decode("", text.encode("ascii", "surrogateescape")) if _is_bytes(text) else text.encode(errors="ignore").decode()
    return " ".join(text.split())


def _is_bytes(text: str) -> bool:
    return all(ord(letter) < 0x80 or 0xDC80 <= ord(letter) <= 0xDCFF for letter in text)


def _unencoded(text: str) -> str:
    """`text` with its encoded words (RFC 2047) as they are meant; as it is where they are broken."""
    try:
        return "".join(_piece(piece, charset) for piece, charset in decode_header(text)) if "=?" in text else text
    except (HeaderParseError, LookupError):
        return text


def _piece(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    return piece.decode("cp874" if (charset or "").lower() in _THAI else charset or "utf-8", errors="replace")


def _name(part: Any) -> str:
    name = str(part.get_filename() or "")
    name = _unencoded(name)
    if any(0xDC80 <= ord(letter) <= 0xDCFF for letter in name) and _is_bytes(name):
        name = decode("", name.encode("ascii", "surrogateescape"))
    return name


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message.get("date"))).date().isoformat()
    except (ValueError, TypeError):
        return None
