"""How far inside an address may lead, whatever its name resolves to, and when."""

import asyncio
import socket
import threading

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.article import Source
from domain.errors import FetchError
from sources import pages, reach
from sources.http import Fetched, Web, without_login
from sources.reach import Reach, reach_of

PUBLIC = "93.184.216.34"
INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
]


def got(url, answers, *, from_page="", web=None):
    """What `url` answers, where each look-up of a name takes the next of its answers; and what was looked up."""
    asked = []

    async def resolve(host):
        asked.append(host)
        given = answers.get(host)
        if not given:
            raise OSError
        return given.pop(0) if len(given) > 1 else given[0]

    async def get():
        web = Web(resolve)
        try:
            return await web.get(url, from_page=from_page)
        finally:
            await web.close()

    return asyncio.run(get()), asked


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_are_known_in_every_form(address):
    assert reach_of(address) > Reach.PUBLIC


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_outside_addresses_are_known(address):
    assert reach_of(address) is Reach.PUBLIC


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_counts_as_itself(address):
    assert reach_of(f"::ffff:{address}") is reach_of(str(address))


@pytest.fixture
def port(publisher):
    publisher.feed("/secret", [("内部", "机密", "2026-11-20T08:00:00+08:00")])
    return publisher.base.rpartition(":")[2]


@pytest.mark.parametrize("kept", [0.0, 60.0], ids=["looked up anew", "kept"])
@pytest.mark.parametrize("later", ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0"])
def test_name_that_turns_inward_after_the_check_is_not_fetched(publisher, port, monkeypatch, kept, later):
    monkeypatch.setattr(reach, "KEPT_SECONDS", kept)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", only_inside(httpcore.AnyIOBackend))
    answers = {"rebind.example": [[PUBLIC], [later]], "page.example": [[PUBLIC]]}
    with pytest.raises(FetchError):
        got(f"http://rebind.example:{port}/secret", answers, from_page="http://page.example/")
    assert publisher.asked == []


def only_inside(backend):
    """Connecting that fails at once for what is outside, where no test may go."""
    connect = backend.connect_tcp

    async def checked(self, host, port, *rest):
        if reach_of(host) is Reach.PUBLIC:
            raise httpcore.ConnectError("outside")
        return await connect(self, host, port, *rest)

    return checked


def test_source_that_was_outside_once_may_not_turn_inward(publisher, port, monkeypatch):
    monkeypatch.setattr(reach, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", only_inside(httpcore.AnyIOBackend))
    found = [[PUBLIC]]

    async def resolve(host):
        return found[0]

    async def rounds():
        web = Web(resolve)
        with pytest.raises(FetchError, match="连接不上"):
            await web.get(f"http://feeds.linjiang.example:{port}/secret")
        for found[0] in (["10.0.0.1"], ["127.0.0.1"], ["169.254.169.254"], [PUBLIC, "127.0.0.1"]):
            with pytest.raises(FetchError, match="安全"):
                await web.get(f"http://feeds.linjiang.example:{port}/secret")
        await web.close()

    asyncio.run(rounds())
    assert publisher.asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254"])
def test_name_of_a_site_is_never_this_machine(publisher, port, address):
    with pytest.raises(FetchError, match="安全"):
        got(f"http://www.linjiang.example:{port}/secret", {"www.linjiang.example": [[address]]})
    assert publisher.asked == []


def test_name_that_is_found_inside_and_outside_at_once_is_refused_from_outside(publisher, port):
    answers = {"both.example": [[PUBLIC, "127.0.0.1"]], "page.example": [[PUBLIC]]}
    with pytest.raises(FetchError, match="安全"):
        got(f"http://both.example:{port}/secret", answers, from_page="http://page.example/")
    assert publisher.asked == []


def test_redirect_to_a_name_that_turns_inward_is_refused(publisher, port, monkeypatch):
    monkeypatch.setattr(reach, "KEPT_SECONDS", 0.0)
    publisher.pages["/go"] = (302, {"Location": f"http://rebind.example:{port}/secret"}, b"")
    # The office's own name is where the redirect comes from; what it leads to is further inside at the second look.
    monkeypatch.setattr(reach, "reach_of", lambda address: Reach.LINK if address == "::1" else reach_of(address))
    answers = {"office": [["127.0.0.1"]], "rebind.example": [["127.0.0.1"], ["::1"]]}
    with pytest.raises(FetchError, match="安全"):
        got(f"http://office:{port}/go", answers)
    assert [path for path, _ in publisher.asked] == ["/go"]


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_odd_forms_of_this_machines_address_do_not_get_through_a_link(publisher, port, host):
    async def get():
        web = Web()
        web._names._kept["page.example"] = (float("inf"), (PUBLIC,))
        try:
            await web.get(f"http://{host}:{port}/secret", from_page="http://page.example/")
        finally:
            await web.close()

    with pytest.raises(FetchError):
        asyncio.run(get())
    assert publisher.asked == []


def test_own_network_that_the_office_entered_is_welcome_and_sees_its_name(publisher, port):
    answer, asked = got(f"http://intranet:{port}/secret", {"intranet": [["127.0.0.1"]]})
    assert answer.body and publisher.asked[0][1]["Host"] == f"intranet:{port}"
    assert asked == ["intranet"]


def test_host_whose_first_address_does_not_answer_is_reached_at_its_second(publisher, port):
    answer, _ = got(f"http://intranet:{port}/secret", {"intranet": [["::1", "127.0.0.1"]]})
    assert answer.body


def test_encrypted_connection_asks_for_the_name_not_the_address():
    server = socket.create_server(("127.0.0.1", 0))
    said = []

    def listen():
        client, _ = server.accept()
        said.append(client.recv(4096))
        client.close()

    thread = threading.Thread(target=listen)
    thread.start()
    with pytest.raises(FetchError):
        got(f"https://intranet-office:{server.getsockname()[1]}/", {"intranet-office": [["127.0.0.1"]]})
    thread.join()
    server.close()
    assert b"intranet-office" in said[0]


def test_link_of_a_list_page_may_not_turn_inward(publisher, port, now, monkeypatch):
    web_asked = []

    class Listing(Web):
        async def get(self, url, *rest, from_page="", robots=False, first=0):
            if not from_page:
                body = "".join(
                    f'<li><a href="http://rebind.example:{port}/art/{i}">通知公告第{i}号</a></li>' for i in "123"
                )
                return Fetched(body.encode(), url="http://page.example/")
            web_asked.append(url)
            return await super().get(url, from_page=from_page)

    answers = iter([[PUBLIC], [PUBLIC], ["127.0.0.1"]] * 9)

    async def resolve(host):
        return [PUBLIC] if host == "page.example" else next(answers)

    async def read():
        web = Listing(resolve)
        try:
            source = Source(1, "page", "http://page.example/", "页", options={"pattern": "/art/"})
            return await pages.read(web, source, frozenset(), now)
        finally:
            await web.close()

    monkeypatch.setattr(reach, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", only_inside(httpcore.AnyIOBackend))
    found = asyncio.run(read())
    assert len(web_asked) == 3 and not found.feed.articles and publisher.asked == []


def test_password_in_an_address_stays_out_of_what_comes_of_it(publisher, port):
    publisher.pages["/moved"] = (302, {"Location": "/secret"}, b"")
    url = f"http://minister:geheim@localhost:{port}/moved"
    answer, _ = got(url, {"localhost": [["127.0.0.1"]]})
    assert answer.url == f"http://localhost:{port}/secret"
    assert [(path, headers["Authorization"][:6]) for path, headers in publisher.asked] == [
        ("/moved", "Basic "),
        ("/secret", "Basic "),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://minister:geheim@nowhere.invalid/",
        "http://minister:geheim@[x/",
        "ftp://minister:geheim@x/",
        "http://minister:geheim@127.0.0.1:1/",
        "http://minister:geheim@127.0.0.1:99999/",
        "http://minister:geheim@127.0.0.1:0/",
        "http://minister:geheim@" + "a" * 300 + ".example/",
    ],
)
def test_password_is_in_no_fault(url):
    with pytest.raises(FetchError) as fault:
        got(url, {"nowhere.invalid": [[]], "a" * 300 + ".example": [[]]})
    assert "geheim" not in str(fault.value) and "minister" not in str(fault.value)


def test_login_is_taken_out_of_an_address():
    assert without_login("https://a:b@x.example:8/p?q=1@2") == "https://x.example:8/p?q=1@2"
