"""Texts and vectors in less room, as the record keeps them."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def packed(text: str) -> bytes:
    """`text` compressed. In the Thai code page, a byte a letter, it takes a quarter less room and a third of the time."""
    try:
        return b"t" + zlib.compress(text.encode("cp874"))
    except UnicodeEncodeError:
        return b"u" + zlib.compress(text.encode())


def unpacked(content: bytes) -> str:
    """The text that `packed` compressed."""
    return zlib.decompress(memoryview(content)[1:]).decode("cp874" if content[:1] == b"t" else "utf-8")


def scaled(vectors: NDArray[np.floating[Any]]) -> list[bytes]:
    """The rows of a float (n, dimension) matrix as bytes: a float32 scale, then the int8 values that it multiplies."""
    scales = (np.abs(vectors).max(axis=1, initial=0) / 127).astype(np.float32)
    values = np.rint(vectors / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    return [scale.tobytes() + row.tobytes() for scale, row in zip(scales, values, strict=True)]


def unscaled(rows: Sequence[bytes]) -> NDArray[np.float32]:
    """What `scaled` kept, float32 (n, dimension); rows of one length, at least one."""
    bytes_ = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1)
    scales = np.ascontiguousarray(bytes_[:, :4]).view(np.float32)
    return np.asarray(bytes_[:, 4:].view(np.int8) * scales, np.float32)
