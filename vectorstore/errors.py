"""What can go wrong in the archive.

StoreError
├── StoreLocked        another process owns the archive
├── StoreUnusable      the archive's folder or database cannot be opened or written
│   └── DiskFull       there is no room left on its disk
├── UnknownDocument    no document has this id or source name
├── LimitedDocument    a document is limited to groups that whoever changes it is not in
├── UnknownAccount     no account or API key has this name
├── AccountRefused     an account, key or limit cannot be made so
├── UnknownConversation  no kept conversation has this name
├── UnknownTurn        a kept conversation has no turn of this number
├── MisnamedConversation what no conversation can be called
├── ConversationFull   no further turn is kept in it
├── BackupFailed       no copy of the archive can be written there
├── BackupUnusable     a file is no backup, damaged, or of a later version
├── EmbedderUnavailable the embedding model cannot be loaded
├── IndexUnavailable   the server that has the indexes does not answer
├── NothingKept        no earlier generation of the indexes can be gone back to
└── IndexMismatch      the index was built with another embedding model
"""


class StoreError(Exception):
    """Something about the archive that a person can act on."""


class StoreLocked(StoreError):
    """Another process owns the archive directory."""


class StoreUnusable(StoreError):
    """The archive's folder or database cannot be opened or written."""


class DiskFull(StoreUnusable):
    """There is no room left on the archive's disk, or less than is to stay free; what was kept before stands."""


class IndexUnavailable(StoreError):
    """The server that has the indexes refuses, or does not answer; the record stands."""


class UnknownDocument(StoreError):
    """No document has this id or source name."""


class LimitedDocument(StoreError):
    """A document is limited to groups that whoever changes it is not in."""


class UnknownAccount(StoreError):
    """No account or API key has this name."""


class AccountRefused(StoreError):
    """What an account, an API key or a limit cannot be: a name that is taken or misspelt, no administrator left."""


class UnknownConversation(StoreError):
    """No kept conversation has this name."""


class UnknownTurn(StoreError):
    """No turn of a kept conversation has this number."""


class MisnamedConversation(StoreError):
    """A name that is not 8 to 128 letters, digits or signs that one may have."""


class ConversationFull(StoreError):
    """A conversation has as many turns as one keeps."""


class BackupFailed(StoreError):
    """No copy of the archive can be written where it was to be."""


class BackupUnusable(StoreError):
    """A file from which no archive can be restored, or a folder into which none can."""


class EmbedderUnavailable(StoreError):
    """The embedding model is not on this machine or cannot be read."""


class IndexMismatch(StoreError):
    """The index was built with another embedding model than the one that is set."""


class NothingKept(StoreError):
    """No earlier generation of the indexes can be gone back to."""
