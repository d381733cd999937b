"""Who asks: their role, and the groups whose documents they may see."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from ui.settings import Settings
from vectorstore.accounts import ROLES as ROLES
from vectorstore.accounts import Account
from vectorstore.accounts import Role as Role
from vectorstore.keys import Key, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who asks for a page or a path of the API.

    `name` is the account's, or key: and the key's, which no account is called; '' of somebody who has neither. `role` is None
    where they may do nothing but log in; `may_log_in` where they would be told apart if they did. Documents that are limited to
    groups are seen by those of one of these `groups`; None sees every document. A key may be narrowed to `scopes`.
    """

    name: str = ""
    role: Role | None = None
    groups: frozenset[str] | None = frozenset()
    may_log_in: bool = False
    scopes: frozenset[Scope] | None = None

    def has(self, scope: Scope | None) -> bool:
        """Whether they may do what needs `scope`, if their role may: whoever is not narrowed to some has all."""
        return scope is None or self.scopes is None or scope in self.scopes

    def may(self, role: Role) -> bool:
        """Whether they may do what needs `role`."""
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(role)


OWNER = Person(role="administrator", groups=None)
"""Whoever sits at the machine itself, where there are no accounts."""


NOBODY = Person()
"""Somebody who may do nothing but log in."""
READER = Person(role="reader")
"""Somebody unknown who may ask, and read what is limited to nobody."""


def stranger(settings: Settings) -> Person:
    """Whom somebody is taken for of whom nothing is known yet.

    Without accounts whoever sits at this machine is its owner; others read, so that nobody changes an archive left open.
    """
    return OWNER if settings.accounts == "off" and settings.is_local else READER


def holder(found: Account | Key) -> Person:
    """Whose account or key this is. An administrator, who limits documents, sees all of them."""
    name = found.name if isinstance(found, Account) else f"key:{found.name}"
    groups = None if found.role == "administrator" else frozenset(found.groups)
    scopes = None if isinstance(found, Account) or found.scopes is None else frozenset(found.scopes)
    return Person(name=name, role=found.role, groups=groups, scopes=scopes)


def person_of(connection: HTTPConnection) -> Person:
    """Who sent a request, as `ui.access` has found."""
    found: Person = getattr(connection.state, "person", NOBODY)
    return found
