"""Documents from the web: public addresses only, in bounded time and size. The only door to httpx.

The address that was checked is the address that is connected to: a name is resolved once for each connection, so that a
second answer of its name server cannot lead elsewhere.
"""

import ipaddress
import re
import socket
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import unquote

from ingest.errors import TooLarge, UrlForbidden, UrlUnreachable
from ingest.sources import clean_name

_MOST_REDIRECTS = 5
_MOST_CHARACTERS = 2_000
"""Of an address."""
_ANSWER_S = 10.0
"""For one answer of the other side, where less of the whole time is not left."""
_HEADERS = [
    ("User-Agent", "ThamKhlang"),
    ("Accept", "application/pdf, text/html, text/plain, */*;q=0.5"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
]
_PORTS = {"http": 80, "https": 443}
_CONTROLS = re.compile("[\x00-\x20\x7f\\\\]")
_EMBEDDING = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
"""IPv6 addresses that stand for IPv4 ones behind a gateway."""
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")))
"""Set aside for protocols and clouds, which Python 3.11 takes for public."""
_METADATA = {ipaddress.ip_address("168.63.129.16")}
"""Public in form, yet answered by the host that a virtual machine runs on (Azure)."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: IPAddress) -> bool:
    """Whether `address` belongs to nobody's own network: not private, loopback, link-local, multicast, reserved or metadata."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in network for network in _EMBEDDING):
            return False
    elif any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in _METADATA


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name as the system knows them.

    Raises:
        OSError, UnicodeError: it has none.
    """
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where documents may be fetched from, and how much of them. `hosts` empty: any; "example.org" allows what is below it too.

    `is_allowed` and `resolve` are the rule for addresses and where names are looked up; `ports` None: each scheme's own.
    """

    is_on: bool = False
    hosts: tuple[str, ...] = ()
    most_bytes: int = 50_000_000
    seconds: float = 45.0
    is_allowed: Callable[[IPAddress], bool] = is_public
    resolve: Callable[[str, int], Iterable[str]] = resolve
    ports: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A page or file of the web to be fetched within `reach`."""

    url: str
    reach: Reach = Reach()

    @property
    def name(self) -> str:
        """Under which the archive knows it: the address without its scheme, readable."""
        return clean_name(unquote(self.url.split("://", 1)[-1].split("#", 1)[0]).rstrip("/"))


def fetch(address: Address) -> bytes:
    """What stands at an address.

    Raises:
        UrlForbidden: it, or where it redirects to, may not be fetched.
        UrlUnreachable: it does not answer, or with an error.
        TooLarge: it is larger than may be read, also once unpacked.
    """
    import httpcore

    reach, end = address.reach, monotonic() + address.reach.seconds
    if not reach.is_on:
        raise UrlForbidden(address.url, "ยังไม่ได้เปิดรับเอกสารจากเว็บ ผู้ดูแลเปิดได้ด้วย THAMKHLANG_URLS=on")
    url = address.url
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            found = _get(address, _checked(address.url, url, reach), end)
            if isinstance(found, bytes):
                return found
            url = found
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise UrlUnreachable(address.url, "ปลายทางตอบช้าเกินกำหนด") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError, zlib.error) as error:
        raise UrlUnreachable(address.url, "ติดต่อปลายทางไม่ได้ หรือปลายทางส่งข้อมูลที่อ่านไม่ได้") from error
    raise UrlUnreachable(address.url, f"ถูกส่งต่อเกิน {_MOST_REDIRECTS} ครั้ง")


def _checked(asked: str, url: str, reach: Reach) -> Any:
    """The parsed `url`, to which `asked` led; its host is checked where it is connected to."""
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise UrlForbidden(asked, "ไม่ใช่ที่อยู่เว็บที่ถูกต้อง") from error
    if len(url) > _MOST_CHARACTERS or _CONTROLS.search(url):
        raise UrlForbidden(asked, "ไม่ใช่ที่อยู่เว็บที่ถูกต้อง")
    if parsed.scheme not in _PORTS or not parsed.host:
        raise UrlForbidden(asked, "รับเฉพาะ http และ https")
    if parsed.userinfo:
        raise UrlForbidden(asked, "มีชื่อผู้ใช้หรือรหัสผ่านอยู่ในที่อยู่")
    own = _PORTS[parsed.scheme]
    if (parsed.port or own) not in (reach.ports or {own}):
        raise UrlForbidden(asked, "รับเฉพาะพอร์ต 80 และ 443")
    if reach.hosts and not any(_is_below(parsed.host, host) for host in reach.hosts):
        raise UrlForbidden(asked, f"{parsed.host} ไม่อยู่ในรายชื่อเว็บที่ผู้ดูแลอนุญาต")
    return parsed


def _is_below(host: str, allowed: str) -> bool:
    host, allowed = host.lower().rstrip("."), allowed.lower().strip(".")
    return host == allowed or host.endswith("." + allowed)


def _get(address: Address, url: Any, end: float) -> bytes | str:
    """The content at `url`, or the address that it redirects to."""
    import httpcore

    from ingest.pinned import Pinned

    asked, reach = address.url, address.reach

    def addresses(host: str, port: int) -> list[str]:
        return _addresses(asked, host, port, reach)

    headers = [("Host", url.netloc.decode("ascii")), *_HEADERS]
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _ANSWER_S)
    with (
        httpcore.ConnectionPool(network_backend=Pinned(end, addresses), max_connections=1) as pool,
        pool.stream("GET", str(url), headers=headers, extensions={"timeout": timeouts}) as response,
    ):
        told = {name.lower(): value for name, value in response.headers}
        if 300 <= response.status < 400 and b"location" in told:
            return str(url.join(told[b"location"].decode("utf-8", errors="replace")))
        if response.status != 200:
            raise UrlUnreachable(asked, f"ปลายทางตอบรหัส {response.status}")
        packing = told.get(b"content-encoding", b"identity").strip().lower()
        if packing not in (b"identity", b"gzip", b"x-gzip", b""):
            raise UrlUnreachable(asked, "ปลายทางส่งข้อมูลที่บีบอัดแบบที่ไม่รู้จัก")
        pieces = _plain(response.iter_stream()) if packing.endswith(b"gzip") else response.iter_stream()
        return _joined(asked, pieces, reach)


def _joined(asked: str, pieces: Iterable[bytes], reach: Reach) -> bytes:
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > reach.most_bytes:
            raise TooLarge(asked, f"เกิน {reach.most_bytes // 1_000_000} ล้านไบต์")
    return bytes(whole)


def _plain(packed: Iterator[bytes]) -> Iterator[bytes]:
    """What was packed by gzip, in pieces of at most 64 kB however little was sent."""
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    for piece in packed:
        while piece and not unpacking.eof:
            yield unpacking.decompress(piece, 1 << 16)
            piece = unpacking.unconsumed_tail
    if not unpacking.eof:
        raise zlib.error("cut short")


def _addresses(asked: str, host: str, port: int, reach: Reach) -> list[str]:
    """The addresses of `host`, all of which must be allowed: one that is not tells of a name made to lead inside."""
    try:
        found = [ipaddress.ip_address(address.split("%", 1)[0]) for address in reach.resolve(host, port)]
    except ValueError as error:
        raise UrlForbidden(asked, f"{host} ไม่มีที่อยู่ที่ถูกต้อง") from error
    if not all(reach.is_allowed(address) for address in found):
        raise UrlForbidden(asked, f"{host} อยู่ในเครือข่ายภายใน ไม่ใช่เว็บสาธารณะ")
    return [str(address) for address in dict.fromkeys(found)]
