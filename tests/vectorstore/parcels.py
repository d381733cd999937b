"""Backups' files taken apart and put together again by other means than the program's: tarfile, zstandard and age."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Literal

import pyrage
import zstandard

from vectorstore.sealing import Seal

Members = dict[str, bytes]
Form = Literal["tar", "compressed", "sealed"]
PASSPHRASE = "รหัสผ่านของคลัง-1"


def asked() -> str:
    return PASSPHRASE


def unasked() -> str:
    raise AssertionError("no passphrase is needed")


def tar_in(file: Path) -> bytes:
    """The tar with the manifest, whatever is around it."""
    content = file.read_bytes()
    if content.startswith(b"key.age\0"):
        within = untarred(content)
        key = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(within["key.age"], PASSPHRASE).decode().strip())
        content = pyrage.decrypt(within["backup.tar.zst.age"], [key])
    return (
        zstandard.ZstdDecompressor().decompressobj().decompress(content)
        if content.startswith(zstandard.FRAME_HEADER)
        else content
    )


def untarred(content: bytes) -> Members:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


def tarred(content: Members) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, bytes_ in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(bytes_)
            tar.addfile(info, io.BytesIO(bytes_))
    return made.getvalue()


def members(file: Path) -> Members:
    return untarred(tar_in(file))


def summed(content: Members, **changes: object) -> Members:
    """The members with the manifest's sums put right, it first, and `changes` in it."""
    manifest = json.loads(content["manifest.json"]) | changes
    for name in manifest["members"]:
        if name in content:
            digest = hashlib.sha256(content[name]).hexdigest()
            manifest["members"][name] = {"size": len(content[name]), "sha256": digest}
    return {**content, "manifest.json": json.dumps(manifest).encode()}


def put(file: Path, tar: bytes, form: Form, seal: Seal | None = None) -> Path:
    """A backup of a tar, in a form; a seal of its own costs a second."""
    content = tar if form == "tar" else zstandard.ZstdCompressor().compress(tar)
    if form == "sealed":
        seal = seal or Seal.of(PASSPHRASE)
        content = tarred({"key.age": seal.kept, "backup.tar.zst.age": pyrage.encrypt(content, [seal.key.to_public()])})
    file.write_bytes(content)
    return file
