"""How far inside an address leads, and a transport that connects no further in than it is allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from domain.errors import FetchError

KEPT_SECONDS, KEPT_NAMES = 60.0, 1000  # how long, and how many, names keep the addresses found for them
FIRST_TRIES = 5.0  # seconds for an address of a host when there are more to try
REFUSED = "对方把地址引向内部网络或本机，出于安全已拒绝。"
# Services of cloud machines that hand out their keys (Aliyun, AWS over IPv6), beside the link-local one.
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str], Awaitable[Sequence[str]]]


class Reach(IntEnum):
    """How far inside an address leads: the open net, the office's own, this machine, its link (cloud metadata)."""

    PUBLIC, INTRANET, MACHINE, LINK = range(4)


def reach_of(address: str) -> Reach:
    """How far inside an IP address is; one that carries another inside it counts as the further in of both.

    Raises ValueError for what is no address.
    """
    known = ipaddress.ip_address(address.partition("%")[0])
    carried = _carried(known) if isinstance(known, ipaddress.IPv6Address) else []
    return max(_plain_reach(each) for each in (known, *carried))


def _carried(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one stands for: mapped, compatible, 6to4, Teredo, NAT64."""
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    within = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        within.append(low)
    return [each for each in within if each is not None]


def _plain_reach(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Reach:
    if address.is_link_local or address in _METADATA:
        return Reach.LINK
    if address.is_loopback or address.is_unspecified:
        return Reach.MACHINE
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return Reach.PUBLIC  # what it stands for is looked at by itself
    return Reach.PUBLIC if address.is_global and not address.is_multicast else Reach.INTRANET


async def by_system(host: str) -> Sequence[str]:
    """The addresses that the system finds for a name. Raises OSError."""
    answers = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in answers))


class Names:
    """The addresses of hosts, looked up once and kept a while, so that what is checked is what is connected to."""

    def __init__(self, resolve: Resolve = by_system) -> None:
        self._resolve = resolve
        self._kept: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._public: set[str] = set()

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Where a host is found; none where it is not."""
        try:
            ipaddress.ip_address(host.partition("%")[0])
            return (host,)
        except ValueError:
            pass
        until, addresses = self._kept.get(host, (0.0, ()))
        if time.monotonic() < until:
            return addresses
        try:
            addresses = tuple(await self._resolve(host))
        except (OSError, UnicodeError):
            return ()
        self._kept.pop(host, None)
        self._kept[host] = (time.monotonic() + KEPT_SECONDS, addresses)
        if len(self._kept) > KEPT_NAMES:
            del self._kept[next(iter(self._kept))]
        return addresses

    async def reach(self, host: str) -> Reach:
        """How far inside a host is, by the furthest in of its addresses; what cannot be found is outside."""
        return max((reach_of(each) for each in await self.addresses(host)), default=Reach.PUBLIC)

    async def entered(self, host: str) -> Reach:
        """How far in a host may lead that the office itself entered.

        Its own network is welcome. A name that once led outside may not lead inside later, and one that has the
        look of a site's may not be this machine: that is how foreign names are turned inward (DNS rebinding).
        """
        reach = await self.reach(host)
        if host in self._public:
            return Reach.PUBLIC
        if reach is Reach.PUBLIC:
            if await self.addresses(host):
                self._public.add(host)
            return reach
        try:
            ipaddress.ip_address(host.partition("%")[0])
            return reach
        except ValueError:
            own = "." not in host.rstrip(".") or host.endswith(".localhost")
            return min(reach, Reach.MACHINE if own else Reach.INTRANET)


@lru_cache(maxsize=1)
def _secure() -> ssl.SSLContext:
    """Whose certificates are believed; to read them takes 30 ms and 1 MB, and no transport changes them."""
    return httpx.create_ssl_context()


class CheckedTransport(httpx.AsyncBaseTransport):
    """Connects to the very addresses that were checked; `extensions["reach"]` of a request is how far in it may go.

    Each reach has connections of its own, so that one opened for the office is not used again for a stranger.
    Behind a proxy it is the proxy that looks the name up; ours is then a check of the name alone.
    """

    def __init__(self, names: Names, at_once: int) -> None:
        self._names, self._at_once = names, at_once
        self._secure = _secure()
        self._proxies = getproxies()
        self._open: dict[object, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the pool of its reach. Raises httpx.ConnectError where it leads further inside."""
        allowed = Reach(request.extensions.get("reach", Reach.PUBLIC))
        host = request.url.host
        proxy = "" if proxy_bypass(host) else self._proxies.get(request.url.scheme) or self._proxies.get("all", "")
        if not proxy:
            return await self._by(allowed, "").handle_async_request(request)
        if await self._names.reach(host) > allowed:
            raise FetchError(REFUSED)
        return await self._by(None, proxy).handle_async_request(request)

    async def aclose(self) -> None:
        """Let go of the connections of every reach."""
        for each in self._open.values():
            await each.aclose()

    def _by(self, allowed: Reach | None, proxy: str) -> httpx.AsyncHTTPTransport:
        key = allowed if allowed is not None else proxy
        if key not in self._open:
            limits = httpx.Limits(max_connections=self._at_once, max_keepalive_connections=self._at_once)
            try:
                made = httpx.AsyncHTTPTransport(verify=self._secure, limits=limits, proxy=proxy or None)
            except (ImportError, ValueError, httpx.InvalidURL) as error:
                raise FetchError("系统设置的代理不能用。请改用 http:// 开头的代理，或取消代理。") from error
            if allowed is not None:
                # httpx has no parameter for what its pool connects with.
                made._pool = httpcore.AsyncConnectionPool(
                    ssl_context=self._secure,
                    max_connections=self._at_once,
                    max_keepalive_connections=self._at_once,
                    keepalive_expiry=5.0,
                    network_backend=_CheckedBackend(self._names, allowed),
                )
            self._open[key] = made
        return self._open[key]


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Looks a host up, looks at every address found, and connects to one of just those."""

    def __init__(self, names: Names, allowed: Reach) -> None:
        self._names, self._allowed = names, allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._names.addresses(host)
        if not addresses:
            raise httpcore.ConnectError("no address")
        if max(map(reach_of, addresses)) > self._allowed:
            raise FetchError(REFUSED)
        fault: Exception = httpcore.ConnectError("no address")
        for i, address in enumerate(addresses):
            patience = timeout if i + 1 == len(addresses) else min(FIRST_TRIES, timeout or FIRST_TRIES)
            try:
                return await self._inner.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)
