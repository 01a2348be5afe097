"""Fetching addresses: conditional GET, time and size limits, few connections a host, redirects looked at one by one."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import IntEnum
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from domain.errors import FetchError

SIZE_LIMIT = 20 * 1024 * 1024  # bytes after decompression
TIME_LIMIT = 30.0  # seconds for one source in all
REDIRECTS = 5
AT_ONCE, PER_HOST = 20, 2  # connections in all, and to one host
AGENT = "Wenying/0.1 (+press office feed reader)"
_STATUS = {
    401: "需要登录才能访问（401）。请改用公开的地址",
    403: "拒绝访问（403）。请确认该站允许采集，或改用别的地址",
    404: "地址不存在（404）。请检查地址是否改了",
    410: "发布方已永久停用这个地址（410），已停止采集。请删除该信源或换新地址",
    429: "对方要求放慢采集（429），稍后会自动再试",
}
_TOO_BIG = "内容超过 20 MB，已停止接收。这不像正常的信源，请检查地址。"


class Reach(IntEnum):
    """How far inside an address leads: the open net, the office's own, this machine, its link (cloud metadata)."""

    PUBLIC, INTRANET, MACHINE, LINK = range(4)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. `body` None means: not modified since last time (304).

    `url` is where the answer came from; `moved_to` is the address it has moved to for good (301, 308).
    """

    body: bytes | None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    url: str = ""
    moved_to: str | None = None


class Web:
    """The network for one event loop: a client, its gates, and what robots.txt of each host said."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(15.0),
            follow_redirects=False,
            headers={
                "User-Agent": AGENT,
                "Accept": "application/rss+xml, application/atom+xml, application/feed+json, application/xml, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            },
            limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
        )
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_HOST))
        self._robots: dict[str, tuple[datetime, RobotFileParser | None]] = {}

    async def close(self) -> None:
        await self._client.aclose()

    async def get(
        self,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        *,
        from_page: str = "",
        robots: bool = False,
    ) -> Fetched:
        """The body of an address. Raises FetchError with a Chinese sentence that names the fault.

        `from_page` is the page that names this address, which then may not lead inside; `robots` asks the
        host's robots.txt first.
        """
        try:
            # The time limit is for the source; waiting for a free connection is not its fault.
            async with self._hosts[urlsplit(url).netloc], self._gate, asyncio.timeout(TIME_LIMIT):
                if from_page:
                    await self._check_step(from_page, url)
                if robots and not await self._allowed(url):
                    raise FetchError("该站的 robots.txt 不允许采集这个页面。请改用该站的订阅源，或与对方联系。")
                return await self._follow(url, etag, last_modified)
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

    async def _follow(self, url: str, etag: str | None, last_modified: str | None) -> Fetched:
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        moved_to, for_good = None, True
        for _ in range(REDIRECTS + 1):
            async with self._client.stream("GET", url, headers=headers) as answer:
                status = answer.status_code
                if status in (301, 302, 303, 307, 308):
                    target = urljoin(url, answer.headers.get("location", ""))
                    await self._check_step(url, target)
                    for_good = for_good and status in (301, 308)
                    moved_to = target if for_good else moved_to
                    url = target
                    continue
                if status == 304:
                    return Fetched(None, etag=etag, last_modified=last_modified, url=url, moved_to=moved_to)
                if status != 200:
                    said = _STATUS.get(status) or f"服务器出错（{status}），稍后会自动再试"
                    raise FetchError(f"{said}。", _retry_after(answer.headers.get("retry-after")), gone=status == 410)
                return Fetched(
                    b"".join([part async for part in _body(answer)]),
                    answer.charset_encoding,
                    answer.headers.get("etag"),
                    answer.headers.get("last-modified"),
                    url,
                    moved_to,
                )
        raise FetchError("地址不停地跳转，没有到达内容。请检查地址。")

    async def _check_step(self, here: str, target: str) -> None:
        """A public address may not lead into the office's own network, nor any to another scheme."""
        scheme, host = urlsplit(target).scheme, urlsplit(target).hostname or ""
        if scheme not in ("http", "https") or not host:
            raise FetchError(f"对方要求跳转到 {scheme or '不明'} 地址，出于安全已拒绝。")
        reach, came_from = await _reach(host), await _reach(urlsplit(here).hostname or "")
        # From one intranet site to another is common; to this machine or its link only from there.
        if reach > Reach.PUBLIC and came_from < reach:
            raise FetchError("对方要求跳转到内部网络地址，出于安全已拒绝。")

    async def _allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        now = datetime.now(UTC)
        kept = self._robots.get(base)
        if kept is None or now - kept[0] > timedelta(days=1):
            kept = (now, await self._robots_of(base))
            self._robots[base] = kept
        return kept[1] is None or kept[1].can_fetch(AGENT, url)

    async def _robots_of(self, base: str) -> RobotFileParser | None:
        """The rules of a host; None where it has none or they cannot be had (RFC 9309, 2.3.1)."""
        try:
            found = await self._follow(f"{base}/robots.txt", None, None)
        except (FetchError, httpx.HTTPError, zlib.error):
            return None
        rules = RobotFileParser()
        rules.parse((found.body or b"")[:500_000].decode("utf-8", "replace").splitlines())
        return rules


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    """The parts of a body, decompressed piece by piece, so that a bomb never unfolds in memory."""
    size = 0
    unpack = _unpacker(answer.headers.get("content-encoding", ""))
    async for raw in answer.aiter_raw():
        while raw:
            part, raw = unpack(raw)
            size += len(part)
            if size > SIZE_LIMIT:
                raise FetchError(_TOO_BIG)
            yield part


def _unpacker(encoding: str):  # type: ignore[no-untyped-def]
    """A function from packed bytes to (some unpacked bytes, packed bytes that are left)."""
    kind = encoding.strip().lower()
    if kind in ("", "identity"):
        return lambda raw: (raw, b"")
    if kind not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"内容用了不支持的压缩格式“{kind[:20]}”。请联系发布方。")
    packed = zlib.decompressobj(wbits=47 if kind != "deflate" else 15)
    first = True

    def unpack(raw: bytes) -> tuple[bytes, bytes]:
        nonlocal packed, first
        try:
            part = packed.decompress(raw, 1 << 20)
        except zlib.error:
            if not (first and kind == "deflate"):
                raise
            packed = zlib.decompressobj(wbits=-15)  # "deflate" without its zlib head, as some servers send it
            part = packed.decompress(raw, 1 << 20)
        first = False
        return part, packed.unconsumed_tail

    return unpack


async def _reach(host: str) -> Reach:
    """How far inside a host is, by its address or the addresses that its name is found at."""
    try:
        return _reach_of(host)
    except ValueError:
        pass
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return Reach.PUBLIC  # it cannot be reached anyway
    return max(_reach_of(str(address[4][0]).partition("%")[0]) for address in found)


def _reach_of(address: str) -> Reach:
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_link_local:
        return Reach.LINK
    if found.is_loopback or found.is_unspecified:
        return Reach.MACHINE
    return Reach.PUBLIC if found.is_global else Reach.INTRANET


def _retry_after(value: str | None) -> timedelta | None:
    """How long the publisher asks us to stay away: seconds or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdigit():
        return timedelta(seconds=min(int(value), 10_000_000))
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return max(timedelta(0), (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC))
