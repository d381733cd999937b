"""How an Official Account stands with LINE: who it is, where its webhook leads, what it may still send this month.

Beside `delivery` the other door to line-bot-sdk: nothing is sent to anybody here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linebot.v3.messaging import ApiClient, ApiException, Configuration, MessagingApi, TestWebhookEndpointRequest
from pydantic.v1 import ValidationError
from urllib3.exceptions import HTTPError

TIMEOUT_S = 15.0
"""How long a request to LINE may take, in seconds; a test of the webhook waits for our own answer too."""


class Refused(Exception):
    """LINE answered with an error: its HTTP `status`, and what it says."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Unreached(Exception):
    """LINE could not be asked, or its answer is none that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Who the account is: its user id (the `destination` of events), the name that people see, and the id that they search."""

    user_id: str
    name: str
    basic_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where LINE sends events, and whether it does."""

    endpoint: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What came of a test event: whether it was answered with 2xx; with which status (0 or less: none), why not."""

    success: bool
    status: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Messages of this month that are counted: how many may be sent (None: any number), and how many were."""

    limit: int | None
    used: int


class Account:
    """The account of an access `token`. Each question raises Refused or Unreached where there is no answer to it."""

    def __init__(self, token: str, api: str) -> None:
        """Asks at the address `api`, LINE's own or another's in its stead."""
        configuration = Configuration(access_token=token, host=api.rstrip("/"))
        configuration.retries = False
        self._client = ApiClient(configuration)
        self._api = MessagingApi(self._client)

    def __enter__(self) -> "Account":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def bot(self) -> Bot:
        """Who it is."""
        told = _asked(self._api.get_bot_info)
        return Bot(user_id=told.user_id, name=told.display_name, basic_id=told.basic_id)

    def webhook(self) -> Webhook | None:
        """Where events go; None where nothing is set."""
        try:
            told = _asked(self._api.get_webhook_endpoint)
        except Refused as error:
            if error.status == 404:
                return None
            raise
        return Webhook(endpoint=told.endpoint, active=told.active)

    def reach(self, endpoint: str) -> Reached:
        """Has LINE send an event without content to `endpoint`; it does so 60 times an hour at most."""
        told = _asked(self._api.test_webhook_endpoint, TestWebhookEndpointRequest(endpoint=endpoint))
        return Reached(success=bool(told.success), status=told.status_code, reason=told.reason, detail=told.detail)

    def quota(self) -> Quota:
        """What may be sent, and was."""
        told, used = _asked(self._api.get_message_quota), _asked(self._api.get_message_quota_consumption)
        return Quota(limit=told.value if told.type == "limited" else None, used=used.total_usage)


def _asked(ask: Callable[..., Any], *what: object) -> Any:
    try:
        return ask(*what, _request_timeout=TIMEOUT_S)
    except ApiException as error:
        raise Refused(int(error.status or 0), _message(error)) from None
    except (HTTPError, OSError, ValidationError, ValueError) as error:
        raise Unreached(type(error).__name__) from None


def _message(error: Any) -> str:
    """What LINE says of an error, in its own words and not too many of them."""
    try:
        said = str(json.loads(error.body)["message"])
    except (ValueError, TypeError, KeyError):
        said = str(error.reason or "")
    return " ".join(said.split())[:200]
