"""Messages between two processes: each with its length and checksum, so that what was garbled is never taken for an answer."""

import struct
import zlib
from typing import BinaryIO

MOST = 256_000_000
"""Bytes of a message at most; what may be read of a source is far less."""

_HEAD = struct.Struct("<QI")
_WHOLE = 1 << 20
"""Messages up to so many bytes go in one write; longer ones are not copied for it."""


def send(data: bytes, pipe: BinaryIO) -> None:
    """Writes one message."""
    head = _HEAD.pack(len(data), zlib.crc32(data))
    if len(data) <= _WHOLE:
        pipe.write(head + data)
    else:
        pipe.write(head)
        pipe.write(data)
    pipe.flush()


def received(pipe: BinaryIO) -> bytes:
    """The next message.

    Raises:
        EOFError: there is none, or not the one that was sent.
    """
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError("no more messages")
    size, checksum = _HEAD.unpack(head)
    data = pipe.read(size) if size <= MOST else b""
    if len(data) < size or zlib.crc32(data) != checksum:
        raise EOFError("a garbled message")
    return data
