"""Fetching addresses: conditional GET, time and size limits, few connections a host, redirects looked at one by one."""

from __future__ import annotations

import asyncio
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from domain.addresses import MASK, concealed
from domain.errors import FetchError
from sources.reach import REFUSED, CheckedTransport, Names, Reach, Resolve, by_system
from sources.robots import LONGEST, RobotRules, rules_of

SIZE_LIMIT = 20 * 1024 * 1024  # bytes after decompression
TIME_LIMIT = 30.0  # seconds for one source in all
REDIRECTS = 5
AT_ONCE, PER_HOST = 20, 2  # connections in all, and to one host
MOST_ROBOTS = 500  # hosts whose robots.txt is kept
ROBOTS_KEPT, ROBOTS_RETRY = (
    timedelta(days=1),
    timedelta(minutes=30),
)  # until it is asked for again; the same after a fault
LONGEST_COOKIES = 4_000  # characters that are sent back
LONGEST_MARK = 200  # characters of an ETag or a date that are worth keeping
AGENT = "Wenying/0.1 (+press office feed reader)"
_GZIP = b"\x1f\x8b"
_STATUS = {
    401: "需要登录才能访问（401）。请改用公开的地址",
    403: "拒绝访问（403）。请确认该站允许采集，或改用别的地址",
    404: "地址不存在（404）。请检查地址是否改了",
    410: "发布方已永久停用这个地址（410），已停止采集。请删除该信源或换新地址",
    429: "对方要求放慢采集（429），稍后会自动再试",
}
_TOO_BIG = "内容超过 20 MB，已停止接收。这不像正常的信源，请检查地址。"


class StatusError(FetchError):
    """An answer that is no success, with its status."""

    def __init__(self, sentence: str, status: int, retry_after: timedelta | None) -> None:
        super().__init__(sentence, retry_after, gone=status == 410)
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. `body` None means: not modified since last time (304).

    `url` is where the answer came from, without name and password; `moved_to` is the address it has moved to for
    good (301, 308), with those it was asked with.
    """

    body: bytes | None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    url: str = ""
    moved_to: str | None = None


class Web:
    """The network for one event loop: a client, its gates, and what robots.txt of each host said.

    `resolve` finds the addresses of a name; `reveal` puts the password back into an address of the office's, which
    may wait for the system's keyring.
    """

    def __init__(self, resolve: Resolve = by_system, reveal: Callable[[str], str] = str) -> None:
        self._reveal = reveal
        self._names = Names(resolve)
        self._client = httpx.AsyncClient(
            transport=CheckedTransport(self._names, AT_ONCE),
            timeout=httpx.Timeout(15.0),
            follow_redirects=False,
            # What one site sets must not reach another, nor grow from day to day until each request is refused (431).
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "User-Agent": AGENT,
                "Accept": "application/rss+xml, application/atom+xml, application/feed+json, application/xml, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            },
        )
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_HOST))
        self._robots: dict[str, tuple[datetime, RobotRules | None]] = {}  # until when, rules (None: not to be had)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def get(
        self,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        *,
        from_page: str = "",
        robots: bool = False,
        first: int = 0,
    ) -> Fetched:
        """The body of an address. Raises FetchError with a Chinese sentence that names the fault.

        `from_page` is the page that names this address, which then may not lead inside; `robots` asks the
        host's robots.txt first; only the `first` bytes are read, where that is said.
        """
        if not from_page and MASK in url:  # what a page names is never given a password
            url = await asyncio.to_thread(self._reveal, url)
        try:
            # The time limit is for the source; waiting for a free connection is not its fault.
            async with self._hosts[_host(url)], self._gate, asyncio.timeout(TIME_LIMIT):
                if from_page:
                    reach = await self._check_step(from_page, url)
                else:
                    reach = await self._names.entered(_host(url))
                if robots and not await self._allowed(url, reach):
                    raise FetchError("该站的 robots.txt 不允许采集这个页面。请改用该站的订阅源，或与对方联系。")
                return await self._follow(url, etag, last_modified, reach, first)
        except TimeoutError as error:
            raise FetchError("30 秒内没有传完，已停止等待。对方可能很慢，稍后会自动再试。") from error
        except httpx.TimeoutException as error:
            raise FetchError("连接超时，稍后会自动再试。请检查网络，或确认该站能否打开。") from error
        except (httpx.DecodingError, zlib.error) as error:
            raise FetchError("内容的压缩格式有误，无法解开。请联系发布方。") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError) as error:
            raise FetchError("地址写法有误。请检查，应以 http:// 或 https:// 开头。") from error
        except httpx.HTTPError as error:
            raise FetchError("连接不上。请检查网络是否通畅、地址是否正确，稍后会自动再试。") from error

    async def _follow(
        self, url: str, etag: str | None, last_modified: str | None, reach: Reach, first: int = 0
    ) -> Fetched:
        """What an address answers, its redirects followed, no further inside than `reach`.

        Cookies that it sets go with its redirects, and no further. Only the `first` bytes are read, where that is said.
        """
        cookies = httpx.Cookies()
        headers = {}
        if mark := _mark(etag):
            headers["If-None-Match"] = mark
        if mark := _mark(last_modified):
            headers["If-Modified-Since"] = mark
        moved_to, for_good = None, True
        for _ in range(REDIRECTS + 1):
            sent = headers | _cookies_for(cookies, url)
            async with self._client.stream("GET", url, headers=sent, extensions={"reach": reach}) as answer:
                status = answer.status_code
                cookies.extract_cookies(answer)
                if status in (301, 302, 303, 307, 308):
                    target = _with_login(urljoin(url, answer.headers.get("location", "")), url)
                    reach = min(reach, await self._check_step(url, target))
                    for_good = for_good and status in (301, 308)
                    moved_to = target if for_good else moved_to
                    url = target
                    continue
                if status == 304:
                    return Fetched(
                        None, etag=etag, last_modified=last_modified, url=without_login(url), moved_to=moved_to
                    )
                if status != 200:
                    said = _STATUS.get(status) or f"服务器出错（{status}），稍后会自动再试"
                    raise StatusError(f"{said}。", status, _retry_after(answer.headers.get("retry-after")))
                return Fetched(
                    b"".join([part async for part in _body(answer, first)]),
                    answer.charset_encoding,
                    _mark(answer.headers.get("etag")),
                    _mark(answer.headers.get("last-modified")),
                    without_login(url),
                    moved_to,
                )
        raise FetchError("地址不停地跳转，没有到达内容。请检查地址。")

    async def _check_step(self, here: str, target: str) -> Reach:
        """How far in a step may lead: no further than where it comes from, and to no other scheme.

        Raises FetchError for one that leads further.
        """
        scheme, host = urlsplit(target).scheme, _host(target)
        if scheme not in ("http", "https") or not host:
            raise FetchError(f"对方要求跳转到 {scheme[:20] or '不明'} 地址，出于安全已拒绝。")
        came_from = await self._names.reach(_host(here))
        # From one intranet site to another is common; to this machine or its link only from there.
        if await self._names.reach(host) > came_from:
            raise FetchError(REFUSED)
        return came_from

    async def _allowed(self, url: str, reach: Reach) -> bool:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        now = datetime.now(UTC)
        kept = self._robots.get(base)
        if kept is None or now > kept[0]:
            rules = await self._robots_of(base, reach)
            kept = (now + (ROBOTS_RETRY if rules is None else ROBOTS_KEPT), rules)
            self._robots.pop(base, None)
            self._robots[base] = kept
            if len(self._robots) > MOST_ROBOTS:
                del self._robots[next(iter(self._robots))]
        if kept[1] is None:
            raise FetchError("该站的 robots.txt 暂时取不到（服务器出错），按规矩先不采集，稍后会自动再试。")
        return await asyncio.to_thread(kept[1].allow, url)

    async def _robots_of(self, base: str, reach: Reach) -> RobotRules | None:
        """The rules of a host, none where it has none; None where its server fails, which forbids all for a time.

        RFC 9309, 2.3.1.3 and 2.3.1.4. A redirect that leads nowhere is as good as no file.
        """
        try:
            robots = await self._follow(f"{base}/robots.txt", None, None, reach, LONGEST)
        except StatusError as error:
            return None if error.status >= 500 else RobotRules()
        except (httpx.NetworkError, httpx.TimeoutException):
            return None
        except (FetchError, httpx.HTTPError, httpx.InvalidURL, zlib.error, ValueError):
            return RobotRules()
        return await asyncio.to_thread(rules_of, robots.body or b"")


def without_login(url: str) -> str:
    """An address without the name and password that it may hold, its tokens masked."""
    parts = urlsplit(url)
    return concealed(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])))


def _with_login(target: str, url: str) -> str:
    """A redirect's target on the same site with the name and password that led there."""
    here, there = urlsplit(url), urlsplit(target)
    login, _, place = here.netloc.rpartition("@")
    if login and "@" not in there.netloc and (there.scheme, there.netloc) == (here.scheme, place):
        return urlunsplit(there._replace(netloc=f"{login}@{place}"))
    return target


def _host(url: str) -> str:
    """The host of an address. Raises ValueError for one that cannot be asked."""
    parts = urlsplit(url)
    if parts.port == 0:  # which raises by itself where it is above 65535
        raise ValueError("port 0")
    return parts.hostname or ""


def _mark(value: str | None) -> str | None:
    """A publisher's mark of a version, unless it is too long to be kept or cannot be sent back."""
    return value if value and len(value) <= LONGEST_MARK and value.isascii() and value.isprintable() else None


def _cookies_for(cookies: httpx.Cookies, url: str) -> dict[str, str]:
    """The header with what may be sent back to an address; nothing where that is more than a site needs."""
    asked = httpx.Request("GET", url)
    try:
        cookies.set_cookie_header(asked)
        said = asked.headers.get("cookie", "").encode("ascii").decode()
    except UnicodeError:  # which cannot be sent
        return {}
    return {"Cookie": said} if 0 < len(said) <= LONGEST_COOKIES else {}


async def _body(answer: httpx.Response, first: int = 0) -> AsyncIterator[bytes]:
    """The parts of a body, decompressed piece by piece, so that a bomb never unfolds in memory."""
    size = 0
    unpack = _Unpacker(answer.headers.get("content-encoding", ""))
    async for raw in answer.aiter_raw():
        while raw:
            part, raw = unpack(raw)
            size += len(part)
            if size > SIZE_LIMIT:
                raise FetchError(_TOO_BIG)
            yield part
            if first and size >= first:
                return
    if not unpack.whole:
        raise FetchError("内容没有传完就断了，稍后会自动再试。一直如此，请联系发布方。")


class _Unpacker:
    """From packed bytes to (some unpacked bytes, packed bytes that are left). Raises FetchError, zlib.error."""

    def __init__(self, encoding: str) -> None:
        self._kind = encoding.strip().lower()
        if self._kind not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"内容用了不支持的压缩格式“{self._kind[:20]}”。请联系发布方。")
        self._plain = self._kind in ("", "identity")
        self._packed = zlib.decompressobj(wbits=15 if self._kind == "deflate" else 47)
        self._first = True

    def __call__(self, raw: bytes) -> tuple[bytes, bytes]:
        """Unpack some."""
        if self._plain:
            return raw, b""
        if self._packed.eof:
            if self._kind == "deflate" or not raw.startswith(_GZIP[: len(raw)]):
                return b"", b""  # what follows the end is nothing
            self._packed = zlib.decompressobj(wbits=47)  # another member (RFC 1952, 2.2)
        try:
            part = self._packed.decompress(raw, 1 << 20)
        except zlib.error:
            if not (self._first and self._kind == "deflate"):
                raise
            self._packed = zlib.decompressobj(wbits=-15)  # "deflate" without its zlib head, as some servers send it
            part = self._packed.decompress(raw, 1 << 20)
        self._first = False
        return part, self._packed.unconsumed_tail or self._packed.unused_data

    @property
    def whole(self) -> bool:
        """Whether nothing is missing at the end; nothing at all is whole too."""
        return self._plain or self._first or self._packed.eof


def _retry_after(value: str | None) -> timedelta | None:
    """How long the publisher asks us to stay away: seconds or a date (RFC 9110, 10.2.3), a day at most."""
    if not value:
        return None
    if value.strip().isdecimal():
        return timedelta(seconds=min(int(value.strip()[:9]), 86_400))
    try:
        at = parsedate_to_datetime(value)
        asked = (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(timedelta(0), asked), timedelta(days=1))
