"""The channels of LINE that the operator has set, and which of them a request is from."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from ui.settings import PREFIX, Settings, SettingsError


class NotSigned(Exception):
    """A request that is not signed with the secret of a channel that it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One Official Account: the user id of its bot (`destination`, '' where any is taken), its secret and its access token."""

    destination: str = ""
    secret: str = field(repr=False)
    token: str = field(repr=False)

    def signed(self, content: bytes, signature: str) -> bool:
        """Whether these bytes were signed with its secret: base64 of their HMAC with SHA-256."""
        own = base64.b64encode(hmac.digest(self.secret.encode(), content, hashlib.sha256))
        return hmac.compare_digest(own, signature.encode(errors="replace"))


def channels(settings: Settings) -> tuple[Channel, ...]:
    """All that are set; none where LINE is not used.

    Raises:
        SettingsError: half of one is set, or what is set for several cannot be read.
    """
    secret, token = settings.line_secret.get_secret_value().strip(), settings.line_token.get_secret_value().strip()
    if bool(secret) != bool(token):
        raise SettingsError(f"ต้องตั้ง {PREFIX}LINE_SECRET และ {PREFIX}LINE_TOKEN คู่กัน ดูทั้งสองค่าได้ใน LINE Developers Console")
    one = (Channel(secret=secret, token=token),) if secret else ()
    several = settings.line_channels.get_secret_value().strip()
    return one + (_read(several) if several else ())


def _read(several: str) -> tuple[Channel, ...]:
    """The message of the error says nothing of what was set: it is secret."""
    fields = {"destination", "secret", "token"}
    wrong = SettingsError(
        f"{PREFIX}LINE_CHANNELS ต้องเป็น JSON "
        '[{"destination": "U…", "secret": "…", "token": "…"}] ที่ทุกช่องเป็นข้อความ และ destination ไม่ซ้ำกัน'
    )
    try:
        rows = json.loads(several)
    except ValueError:
        raise wrong from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() == fields for row in rows):
        raise wrong
    if not all(isinstance(value, str) and value.strip() for row in rows for value in row.values()):
        raise wrong
    if len({row["destination"] for row in rows}) < len(rows):
        raise wrong
    return tuple(Channel(**{name: value.strip() for name, value in row.items()}) for row in rows)


def signers(known: Sequence[Channel], content: bytes, signature: str) -> list[Channel]:
    """The channels with whose secret these bytes were signed: one, or none."""
    return [one for one in known if one.signed(content, signature)]


def named(known: Sequence[Channel], destination: str) -> Channel | None:
    """The channel whose bot this is; the one without a destination where no other is."""
    return max((one for one in known if one.destination in ("", destination)), key=lambda one: one.destination, default=None)
