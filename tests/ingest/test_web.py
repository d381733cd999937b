"""Documents from the web: real requests to this machine under names that lead to it, and every way that must lead nowhere."""

import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import IngestError
from ingest.web import Address, IPAddress, Reach, fetch, is_public
from tests.ingest.memory import pdf
from tests.loopback import web
from tests.loopback.web import Site, drips, redirects, says

PAGE = "<html><body><p>กองทุนมีสมาชิก 845 คน</p></body></html>".encode()
NAMES = {"site.test": ["127.0.0.1"], "both.test": ["127.0.0.1", "10.0.0.5"], "inside.test": ["10.0.0.5"]}


def looked_up(host: str, port: int) -> list[str]:
    """Names of tests; what looks like an address is read as the system reads it, without asking anybody."""
    if host in NAMES:
        return NAMES[host]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(entry[4][0]) for entry in found]


def only_this_machine(address: IPAddress) -> bool:
    return address == ipaddress.ip_address("127.0.0.1")


@pytest.fixture
def site() -> Iterator[Site]:
    with web.serving({}) as serving:
        yield serving


def reach(site: Site) -> Reach:
    """The rule as it is, but that this machine's server stands for the public web."""
    return Reach(is_on=True, is_allowed=only_this_machine, resolve=looked_up, ports=frozenset({site.port}), seconds=20)


def refused(url: str, within: Reach) -> str:
    with pytest.raises(IngestError) as caught:
        fetch(Address(url, within))
    assert url in str(caught.value) and "โปรด" in str(caught.value)
    return caught.value.code


PUBLIC = ["8.8.8.8", "1.1.1.1", "203.150.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"]
PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "169.254.170.2",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_no_public_web(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "127.0.0.1.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "169.254.169.254",
    "2852039166",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "192.168.0.1",
    "10.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "inside.test",
    "both.test",
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_way_into_ones_own_network(host: str, scheme: str) -> None:
    """With the rule as it is; a name one of whose addresses is private is not asked at the others either."""
    within = Reach(is_on=True, resolve=looked_up, seconds=5)
    assert refused(f"{scheme}://{host}/", within) in {"url_forbidden", "url_unreachable"}
    if host not in ("127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1"):
        assert refused(f"{scheme}://{host}/", within) == "url_forbidden"


FORMS = [
    "file:///etc/passwd",
    "ftp://site.test/a",
    "gopher://site.test/a",
    "data:text/html,x",
    "javascript:alert(1)",
    "http://",
    "http:///a",
    "http://user@site.test/",
    "http://user:password@site.test/",
    "http://site.test:22/",
    "http://site.test:8000/",
    "https://site.test:80/",
    "http://site.test:99999/",
    "http://site.test/\r\nHost: inside.test",
    "http://site.test\\@inside.test/",
    "http://site.test/" + "a" * 3_000,
    "http://[::1",
]


@pytest.mark.parametrize("url", FORMS)
def test_forms_that_are_not_taken(url: str) -> None:
    assert refused(url, Reach(is_on=True, is_allowed=only_this_machine, resolve=looked_up)) == "url_forbidden"


def test_off_unless_set(site: Site) -> None:
    assert refused(f"http://site.test:{site.port}/", replace(reach(site), is_on=False)) == "url_forbidden"
    assert not Reach().is_on and not site.asked


def test_a_page_comes_under_its_own_name(site: Site) -> None:
    site.answers["/a?b=1"] = says(PAGE)
    assert fetch(Address(f"http://site.test:{site.port}/a?b=1", reach(site))) == PAGE
    assert site.asked == [(f"site.test:{site.port}", "/a?b=1")]
    assert Address("https://site.test/%E0%B8%81/a.pdf#page=2").name == "site.test/ก/a.pdf"


def test_only_hosts_that_are_allowed(site: Site) -> None:
    site.answers["/"] = says(PAGE)
    url = f"http://site.test:{site.port}/"
    for hosts in (("site.test",), ("SITE.test.",), ("test",), ("other.test", "site.test")):
        assert fetch(Address(url, replace(reach(site), hosts=hosts))) == PAGE
    for hosts in (("ite.test",), ("site.test.evil.test",), ("a.site.test",)):
        assert refused(url, replace(reach(site), hosts=hosts)) == "url_forbidden"


def test_the_address_that_was_checked_is_the_one_that_is_asked(site: Site) -> None:
    """A name server that says something else the second time (DNS rebinding) is not asked a second time."""
    answers = iter([["127.0.0.1"], ["10.0.0.5"]])
    site.answers["/"] = says(PAGE)
    within = replace(reach(site), resolve=lambda *_: next(answers))
    assert fetch(Address(f"http://site.test:{site.port}/", within)) == PAGE
    assert list(answers) == [["10.0.0.5"]]


@pytest.mark.parametrize(
    "to", ["http://inside.test:{port}/", "http://10.0.0.1:{port}/", "//inside.test:{port}/", "file:///etc/passwd"]
)
def test_a_redirect_leads_nowhere_that_one_may_not_go(site: Site, to: str) -> None:
    site.answers["/"] = redirects(to.format(port=site.port))
    assert refused(f"http://site.test:{site.port}/", reach(site)) == "url_forbidden"


def test_redirects_are_followed_so_far_and_no_farther(site: Site) -> None:
    for number in range(7):
        site.answers[f"/{number}"] = redirects(f"/{number + 1}")
    site.answers["/5"] = says(PAGE)
    assert fetch(Address(f"http://site.test:{site.port}/0", reach(site))) == PAGE
    site.answers["/5"] = redirects("/6")
    assert refused(f"http://site.test:{site.port}/0", reach(site)) == "url_unreachable"


@pytest.mark.parametrize("status", [204, 401, 403, 404, 500])
def test_what_is_no_document(site: Site, status: int) -> None:
    site.answers["/"] = says(b"x", status)
    assert refused(f"http://site.test:{site.port}/", reach(site)) == "url_unreachable"


def gzip(data: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packing.compress(data) + packing.flush()


def test_sizes(site: Site) -> None:
    within = replace(reach(site), most_bytes=1_000_000)
    url = f"http://site.test:{site.port}/"
    site.answers["/"] = says(gzip(PAGE), Content__Encoding="gzip")
    assert fetch(Address(url, within)) == PAGE
    for answer in (says(bytes(1_000_001)), says(gzip(bytes(200_000_000)), Content__Encoding="gzip")):
        site.answers["/"] = answer
        assert refused(url, within) == "too_large"
    for answer in (
        says(gzip(PAGE)[:-4], Content__Encoding="gzip"),
        says(PAGE, Content__Encoding="gzip"),
        says(PAGE, Content__Encoding="br"),
        says(gzip(gzip(PAGE)), Content__Encoding="gzip, gzip"),
    ):
        site.answers["/"] = answer
        assert refused(url, within) == "url_unreachable"


@pytest.mark.parametrize("head", [True, False])
def test_a_slow_drip_comes_to_an_end(site: Site, head: bool) -> None:
    enough = threading.Event()
    site.answers["/"] = drips(lambda: enough.wait(0.05), head=head)
    assert refused(f"http://site.test:{site.port}/", replace(reach(site), seconds=1.0)) == "url_unreachable"
    enough.set()


def test_nobody_there(site: Site) -> None:
    port = web.free_port()
    assert refused(f"http://site.test:{port}/", replace(reach(site), ports=frozenset({port}))) == "url_unreachable"
    assert refused(f"http://nowhere.test:{site.port}/", reach(site)) == "url_unreachable"


def test_the_name_is_what_a_certificate_is_asked_for() -> None:
    """The first bytes of a TLS connection name the host, although its address is what is connected to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        greeting: list[bytes] = []

        def listen() -> None:
            with listening.accept()[0] as connection:
                greeting.append(connection.recv(4_096))

        thread = threading.Thread(target=listen)
        thread.start()
        within = Reach(is_on=True, is_allowed=only_this_machine, resolve=looked_up, ports=frozenset({port}), seconds=5)
        assert refused(f"https://site.test:{port}/", within) == "url_unreachable"
        thread.join()
    assert b"site.test" in greeting[0] and ssl.HAS_SNI


def test_a_document_keeps_its_address(site: Site, tmp_path: Path) -> None:
    from ingest import take_in
    from tests.ingest.memory import MemoryArchive

    site.answers["/a.pdf"] = says(pdf(["Some text of a page"]))
    site.answers["/old"] = redirects("/a.pdf")
    site.answers["/b.pdf"] = says(PAGE)
    archive = MemoryArchive()
    base = f"http://site.test:{site.port}"
    report = take_in([Address(base + path, reach(site)) for path in ("/old", "/b.pdf", "/a.pdf")], archive)
    assert report.added == [f"site.test:{site.port}/old"] and report.skipped == [f"site.test:{site.port}/a.pdf"]
    assert archive.documents[report.added[0]].url == f"{base}/old"
    assert [(failure.code, failure.source) for failure in report.failed] == [("type_mismatch", f"site.test:{site.port}/b.pdf")]
