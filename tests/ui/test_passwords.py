"""Passwords: argon2id, one spelling of Thai, and no account tells itself apart."""

import pytest

from ui import passwords


def test_the_hash_is_argon2id_of_at_least_64_megabytes() -> None:
    kept = passwords.hashed("ข้าวเหนียวมะม่วง")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,") and kept != passwords.hashed("ข้าวเหนียวมะม่วง")
    assert passwords.fits("ข้าวเหนียวมะม่วง", kept) and not passwords.fits("ข้าวเหนียวมะมวง", kept)
    assert not passwords.is_dated(kept) and passwords.is_dated(kept.replace("t=3", "t=2"))


def test_a_password_is_one_however_it_is_composed() -> None:
    kept = passwords.hashed("café-somchai")
    assert passwords.fits("cafe\u0301-somchai", kept)
    assert not passwords.fits("น้ำใจไมตรี", passwords.hashed("น้ําใจไมตรี")), "ำ is never taken apart"


def test_nobodys_password_is_checked_and_never_fits() -> None:
    assert not passwords.fits("ไม่มีบัญชีนี้", None) and not passwords.fits("x" * 1_000_000, None)
    assert not passwords.fits("x", "no hash")


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("", False),
        ("สั้นไป", False),
        ("123456789", False),
        ("Somchai.Dee", False),
        ("aaaaaaaaaaaa", False),
        ("x" * 201, False),
        ("correct horse battery", True),
        ("แม่ค้าขายปลาทู", True),
        ("\ud800" * 2 + "แม่ค้าขายปลาทู", True),
    ],
)
def test_length_is_what_counts(password: str, good: bool) -> None:
    assert (passwords.fault(password, "somchai.dee") == "") == good
