"""Fetching an address: conditional GET, time and size limits, redirects looked at one by one."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from domain.errors import FetchError

SIZE_LIMIT = 20 * 1024 * 1024  # bytes after decompression
TIME_LIMIT = 30.0  # seconds for one source in all
REDIRECTS = 5
AGENT = "Wenying/0.1 (+press office feed reader)"
_STATUS = {
    401: "需要登录才能访问（401）。请改用公开的地址",
    403: "拒绝访问（403）。请确认该站允许采集，或改用别的地址",
    404: "地址不存在（404）。请检查地址是否改了",
    410: "发布方已永久停用这个地址（410）。请删除该信源或换新地址",
    429: "对方要求放慢采集（429），稍后会自动再试",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. `body` None means: not modified since last time (304)."""

    body: bytes | None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


def new_client() -> httpx.AsyncClient:
    """A client for one round."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(15.0),
        follow_redirects=False,
        headers={
            "User-Agent": AGENT,
            "Accept": "application/rss+xml, application/atom+xml, application/xml, */*;q=0.5",
        },
        limits=httpx.Limits(max_connections=20),
        trust_env=True,
    )


async def fetch(client: httpx.AsyncClient, url: str, etag: str | None, last_modified: str | None) -> Fetched:
    """The body of an address. Raises FetchError with a Chinese sentence that names the fault."""
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return await _follow(client, url, etag, last_modified)
    except TimeoutError as error:
        raise FetchError("30 秒内没有传完，已停止等待。对方可能很慢，稍后会自动再试。") from error
    except httpx.TimeoutException as error:
        raise FetchError("连接超时，稍后会自动再试。请检查网络，或确认该站能否打开。") from error
    except httpx.DecodingError as error:
        raise FetchError("内容的压缩格式有误，无法解开。请联系发布方。") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise FetchError("地址写法有误。请检查，应以 http:// 或 https:// 开头。") from error
    except httpx.HTTPError as error:
        raise FetchError("连接不上。请检查网络是否通畅、地址是否正确，稍后会自动再试。") from error


async def _follow(client: httpx.AsyncClient, url: str, etag: str | None, last_modified: str | None) -> Fetched:
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    for _ in range(REDIRECTS + 1):
        async with client.stream("GET", url, headers=headers) as answer:
            if answer.status_code in (301, 302, 303, 307, 308):
                url = _redirect(url, answer.headers.get("location", ""))
                continue
            if answer.status_code == 304:
                return Fetched(None, etag=etag, last_modified=last_modified)
            if answer.status_code != 200:
                said = _STATUS.get(answer.status_code)
                raise FetchError(f"{said or f'服务器出错（{answer.status_code}），稍后会自动再试'}。")
            return Fetched(
                await _body(answer),
                answer.charset_encoding,
                answer.headers.get("etag"),
                answer.headers.get("last-modified"),
            )
    raise FetchError("地址不停地跳转，没有到达内容。请检查地址。")


async def _body(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    async for part in answer.aiter_bytes(65_536):
        size += len(part)
        if size > SIZE_LIMIT:
            raise FetchError("内容超过 20 MB，已停止接收。这不像正常的信源，请检查地址。")
        parts.append(part)
    return b"".join(parts)


def _redirect(url: str, location: str) -> str:
    target = urljoin(url, location)
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https"):
        raise FetchError(f"对方要求跳转到 {parts.scheme or '不明'} 地址，出于安全已拒绝。")
    if _is_inside(parts.hostname or "") and urlsplit(url).hostname != parts.hostname:
        raise FetchError("对方要求跳转到内部网络地址，出于安全已拒绝。")
    return target


def _is_inside(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not address.is_global
