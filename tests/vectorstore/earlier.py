"""Archives as earlier versions left them."""

import gzip
import sqlite3
import tarfile
from pathlib import Path

_MADE = Path(__file__).parents[1] / "data" / "earlier"


def schema_6(database: Path) -> sqlite3.Connection:
    """Makes a database of this schema one of the sixth; the connection is still open, its changes uncommitted."""
    db = sqlite3.connect(database)
    for table in ("passages_beside", "beside_documents", "terms", "counted"):
        db.execute(f"DROP TABLE {table}")
    db.execute("PRAGMA user_version = 6")
    return db


def schema_5(database: Path) -> sqlite3.Connection:
    """The same of the fifth."""
    db = schema_6(database)
    for table in ("chats", "said", "replays"):
        db.execute(f"DROP TABLE {table}")
    db.execute("ALTER TABLE api_keys DROP COLUMN scopes")
    db.execute("PRAGMA user_version = 5")
    return db


def schema_4(database: Path) -> sqlite3.Connection:
    """The same of the fourth."""
    db = schema_5(database)
    for table in ("usage", "listed", "feedback", "accounts", "sessions", "attempts", "api_keys", "limits", "audit"):
        db.execute(f"DROP TABLE {table}")
    db.execute("ALTER TABLE conversations DROP COLUMN owner")
    db.execute("DROP INDEX turns_refused")
    db.execute("PRAGMA user_version = 4")
    return db


def schema_3(database: Path) -> sqlite3.Connection:
    """The same of the third."""
    db = schema_4(database)
    for table in ("resolutions", "undescribed", "masks", "bands", "copies", "erased"):
        db.execute(f"DROP TABLE {table}")
    for column in ("districts", "status", "meeting"):
        db.execute(f"ALTER TABLE documents DROP COLUMN {column}")
    db.execute("DELETE FROM meta WHERE name = 'personal'")
    db.execute("PRAGMA user_version = 3")
    return db


def schema_2(database: Path) -> sqlite3.Connection:
    """The same of the second."""
    db = schema_3(database)
    for table in ("turn_documents", "turns", "conversations", "unread"):
        db.execute(f"DROP TABLE {table}")
    db.execute("PRAGMA user_version = 2")
    return db


def real(schema: int, folder: Path) -> Path:
    """The database that the program of that time made, of two reports, one in two versions, one limited from the fifth on.

    From the third on it has a kept conversation of two questions, from the fifth on an account and a key.
    """
    database = folder / f"schema-{schema}.db"
    if schema == 6:
        with tarfile.open(backup_1(folder)) as tar:
            database.write_bytes(tar.extractfile("archive.db").read())  # type: ignore[union-attr]
    else:
        database.write_bytes(gzip.decompress((_MADE / f"schema-{schema}.db.gz").read_bytes()))
    return database


def backup_1(folder: Path) -> Path:
    """A backup of the first format, made by the program of that time, of an archive of the sixth schema."""
    file = folder / "backup-1.tar"
    file.write_bytes(gzip.decompress((_MADE / "backup-1.tar.gz").read_bytes()))
    return file
