"""Who asks: their role, and the groups whose documents they may see."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import HTTPConnection

Role = Literal["reader", "editor", "administrator"]
ROLES: tuple[Role, ...] = ("reader", "editor", "administrator")
"""Each may do what those before it may: ask and read; add, replace and remove documents; everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who asks for a page or a path of the API.

    `name` is the account's, or the key's; '' of somebody who has neither. `role` is None where they may do nothing but log in.
    Documents that are limited to groups are seen by those of one of these `groups`; None sees every document.
    """

    name: str = ""
    role: Role | None = None
    groups: frozenset[str] | None = frozenset()

    def may(self, role: Role) -> bool:
        """Whether they may do what needs `role`."""
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(role)


OWNER = Person(role="administrator", groups=None)
"""Whoever sits at the machine itself, where there are no accounts."""


def person_of(connection: HTTPConnection) -> Person:
    """Who sent a request, as `ui.access` has found."""
    found: Person = getattr(connection.state, "person", OWNER)
    return found
