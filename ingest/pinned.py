"""Connections to addresses that were checked, and to no others, until a given moment. With web.py the door to httpcore."""

from collections.abc import Callable, Iterable
from ssl import SSLContext
from time import monotonic
from typing import Any

import httpcore

_ATTEMPTS = 3
"""Addresses of one name that are tried."""


class Pinned(httpcore.NetworkBackend):
    """Connects to what `addresses` gives for a host and port, which is asked once for each connection.

    Names in the request and in its certificate stay what they are. `end` is the moment (monotonic seconds) after which
    nothing is sent or received, however slowly the other side drips.
    """

    def __init__(self, end: float, addresses: Callable[[str, int], list[str]]) -> None:
        self._end = end
        self._addresses = addresses

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address that takes one.

        Raises:
            OSError, httpcore.ConnectError: there is none.
        """
        tried: Exception = OSError(f"{host} has no address")
        plain = httpcore.SyncBackend()
        for address in self._addresses(host, port)[:_ATTEMPTS]:
            try:
                return _Timed(
                    plain.connect_tcp(address, port, _left(self._end, timeout), local_address, socket_options), self._end
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                tried = error
        raise tried


class _Timed(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._end, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._end, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._end, timeout)), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(end: float, timeout: float | None) -> float:
    """Seconds that an operation may take.

    Raises:
        TimeoutError: none are left.
    """
    rest = end - monotonic()
    if rest <= 0:
        raise TimeoutError("the time for the whole is up")
    return rest if timeout is None else min(rest, timeout)
