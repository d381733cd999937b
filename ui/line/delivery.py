"""What goes out to LINE: the only door to line-bot-sdk. What becomes of a request is told by one of a few outcomes.

The SDK's synchronous client is used, in threads of our own; it is given a time for every request, and never tries again by
itself.
"""

import logging
from collections.abc import Sequence
from enum import Enum
from typing import Any

from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)
from pydantic.v1 import ValidationError
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, ProxyError

Message = dict[str, Any]
"""A message object as LINE's reference describes it."""
TIMEOUT_S = 10.0
"""How long a request to LINE may take, in seconds."""
_LOADING_S = 60
_LOADING_TIMEOUT_S = 3.0
_TOGETHER = 8
"""Connections to LINE that are kept open."""
_log = logging.getLogger("thamkhlang.line")


class Outcome(Enum):
    """What became of a message that was to be delivered."""

    DONE = "done"
    """Delivered, now or by an earlier attempt."""
    SPENT = "spent"
    """Not delivered: the reply token has been used, or is too old."""
    UNCLEAR = "unclear"
    """It may have been delivered: an error of LINE's own, or no answer."""
    UNREACHED = "unreached"
    """Not delivered: LINE could not be reached."""
    BUSY = "busy"
    """Not delivered: too many requests at once."""
    QUOTA = "quota"
    """Not delivered: the month's messages are used up."""
    BARRED = "barred"
    """Not delivered: the access token is not accepted."""
    REJECTED = "rejected"
    """Not delivered: LINE does not take such messages."""


class Sender:
    """A channel's way to its people; safe to share between threads. Each method waits for LINE and raises nothing."""

    def __init__(self, token: str, api: str) -> None:
        """Sends with the access `token` to the address `api`, LINE's own or another's in its stead."""
        configuration = Configuration(access_token=token, host=api.rstrip("/"))
        configuration.retries = False
        configuration.connection_pool_maxsize = _TOGETHER
        self._client = ApiClient(configuration)
        self._api = MessagingApi(self._client)

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()

    def reply(self, token: str, messages: Sequence[Message]) -> Outcome:
        """Answers an event with 1 to 5 messages; it costs nothing."""
        try:
            request = ReplyMessageRequest.from_dict({"replyToken": token, "messages": list(messages)})
            self._api.reply_message(request, _request_timeout=TIMEOUT_S)
        except (ApiException, HTTPError, OSError, ValidationError, ValueError) as error:
            return _outcome("reply", error)
        return Outcome.DONE

    def push(self, to: str, messages: Sequence[Message], retry_key: str) -> Outcome:
        """Sends 1 to 5 messages to a person, group or room, once for a `retry_key` (a UUID); it is counted by LINE."""
        try:
            request = PushMessageRequest.from_dict({"to": to, "messages": list(messages)})
            self._api.push_message(request, retry_key, _request_timeout=TIMEOUT_S)
        except (ApiException, HTTPError, OSError, ValidationError, ValueError) as error:
            return _outcome("push", error)
        return Outcome.DONE

    def show_loading(self, person: str) -> None:
        """Shows somebody that an answer is being made, until a message arrives; whether it could be shown does not matter."""
        try:
            request = ShowLoadingAnimationRequest.from_dict({"chatId": person, "loadingSeconds": _LOADING_S})
            self._api.show_loading_animation(request, _request_timeout=_LOADING_TIMEOUT_S)
        except (ApiException, HTTPError, OSError) as error:
            _outcome("loading", error)


_STATUSES = {401: Outcome.BARRED, 403: Outcome.BARRED, 409: Outcome.DONE}


def _outcome(endpoint: str, error: Exception) -> Outcome:
    """What an error means; it is logged without what was sent, to whom, or with which token."""
    if isinstance(error, ApiException):
        found = _of_status(error)
        asked = (error.headers or {}).get("x-line-request-id", "")
        _log.warning("LINE %s: %s, status %s, request %s", endpoint, found.value, error.status, asked)
        return found
    if isinstance(error, (ConnectTimeoutError, NewConnectionError, NameResolutionError, ProxyError)):
        found = Outcome.UNREACHED
    else:
        found = Outcome.UNCLEAR if isinstance(error, (HTTPError, OSError)) else Outcome.REJECTED
    _log.warning("LINE %s: %s, %s", endpoint, found.value, type(error).__name__)
    return found


def _of_status(error: Any) -> Outcome:
    said = str(error.body or "").lower()
    if error.status == 429:
        return Outcome.QUOTA if "monthly limit" in said else Outcome.BUSY
    if error.status == 400 and "invalid reply token" in said:
        return Outcome.SPENT
    if not error.status:  # the SDK's word for TLS that could not be agreed on
        return Outcome.UNREACHED
    return _STATUSES.get(error.status, Outcome.UNCLEAR if error.status >= 500 else Outcome.REJECTED)
