"""The fictional city's news without end: its own feeds, filled by further happenings as long as a clock runs.

The demo's items are ten days; a shift of eight hours needs new topics and new concerns all the time. Each happening
is told by a few of the demo's sources in ways of their own, over some hours, at a place of its own.
"""

from __future__ import annotations

import email.utils
import hashlib
import heapq
import random
import sys
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.publisher import read_feeds
from domain.times import Clock

SHOWN = 40  # items that a feed holds at a time
REPORTS = 4  # of a happening on the average

_FIRST = "望江 滨河 北苑 南湖 城西 东山 柳林 石桥 青云 白鹭 长堤 新港 松涛 梅园 朝阳 红星 双塔 金沙 翠屏 安宁 永乐 花溪 桃源 龙泉"
_LAST = "街道 社区 小区 路口 花园 新村 大道 广场 家园 里弄"

# What happens, in the words of those who tell it: {p} a place, {n} and {m} figures.
ROUTINE = (
    ("{p}便民菜市场改造完工", "{p}菜市场改造完工，新增摊位{n}个，配套停车位{m}个，周边居民买菜更近了。"),
    ("{p}口袋公园本周开放", "{p}口袋公园建成开放，占地{n}亩，设健身步道{m}米，社区邀请居民共同认养树木。"),
    ("{p}举办第{n}届邻里运动会", "{p}邻里运动会举行，{m}名居民参加拔河、跳绳等项目，老少同场。"),
    ("{p}新开通微循环公交{n}路", "公交集团开通途经{p}的微循环{n}路，日均发车{m}班，方便居民换乘地铁。"),
    ("{p}社区食堂推出{n}元套餐", "{p}社区食堂推出{n}元老年套餐，日均用餐{m}人次，行动不便的可送餐上门。"),
    ("{p}图书驿站添置新书{m}册", "{p}图书驿站添置新书{m}册，延长开放到晚上{n}点，读者可预约座位。"),
    ("{p}开展第{n}期反诈宣传", "民警到{p}开展反诈宣传，发放资料{m}份，提醒居民不向陌生账户转账。"),
    ("{p}老旧电梯更新{n}部", "{p}利用专项资金更新老旧电梯{n}部，惠及{m}户，年底前全部投用。"),
)
GRIEVANCES = (
    ("临江{p}停水{n}小时 居民来电反映", "市民来电反映临江{p}停水{n}小时没有通知，涉及{m}户，要求尽快恢复供水。"),
    ("临江{p}暖气连续{n}天不热", "临江{p}居民反映暖气连续{n}天不热，室温只有{m}度，多次报修无人上门。"),
    ("临江{p}夜间施工噪音扰民 居民投诉", "临江{p}居民投诉工地夜间施工到凌晨，噪音扰民{n}天，{m}户联名要求停工整改。"),
    (
        "临江{p}学校食堂被指饭菜变质",
        "多名家长反映临江{p}小学食堂饭菜变质，{n}名学生腹痛，要求公布检测结果，家委会{m}人到校。",
    ),
)
GRAVE = (
    (
        "临江{p}一厂房起火 {n}人受伤送医",
        "临江{p}一厂房起火，造成{n}人受伤送医，消防救援人员{m}人到场，明火已扑灭，原因正在调查。",
    ),
    (
        "临江{p}发生燃气爆炸 致{n}人受伤",
        "临江{p}一居民楼发生燃气爆炸，造成{n}人受伤，疏散居民{m}户，应急部门已到现场。",
    ),
    ("临江{p}路面坍塌 {n}车坠入", "临江{p}路面突然坍塌，{n}辆车坠入坑中，{m}人被救出送医，周边道路封闭。"),
)
WAYS = (
    ("{}", "{}"),
    ("关于{}的情况", "{}记者从现场了解到最新进展。"),
    ("{}：最新进展", "据了解，{}"),
    ("网友关注{}", "{}网友在留言中关心后续安排。"),
)


@dataclass(order=True)
class SyntheticReport:
    """One item to come: when, in which feed, and what it says."""

    at: datetime
    key: str
    feed: int = field(compare=False)
    title: str = field(compare=False)
    text: str = field(compare=False)


class City:
    """The feeds as they stand at a moment; moments must not go back."""

    def __init__(self, start: datetime, an_hour: int, seed: int = 1) -> None:
        self.feeds = read_feeds()
        self.told = 0
        self._chance = random.Random(seed)
        self._gap = timedelta(hours=REPORTS / an_hour)
        self._next, self._count, self._first = start, 0, start
        self._coming: list[SyntheticReport] = []
        self._shown = [deque[SyntheticReport](maxlen=SHOWN) for _ in self.feeds]

    def go_on(self, until: datetime, calm: bool = False) -> list[SyntheticReport]:
        """Everything that is told up to a moment, in its order; when calm, nothing that anybody must answer."""
        while self._next <= until:
            self._happen(self._next, calm)
            self._next += self._gap
        told = []
        while self._coming and self._coming[0].at <= until:
            report = heapq.heappop(self._coming)
            self._shown[report.feed].append(report)
            told.append(report)
        self.told += len(told)
        return told

    def rss(self, feed: int) -> bytes:
        """A feed as it stands."""
        rows = "".join(
            f"<item><title>{escape(r.title)}</title><guid isPermaLink='false'>{r.key}</guid>"
            f"<pubDate>{email.utils.format_datetime(r.at)}</pubDate><description>{escape(r.text)}</description></item>"
            for r in reversed(self._shown[feed])
        )
        name = escape(self.feeds[feed].name)
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{rows}</channel></rss>'.encode()

    def _happen(self, at: datetime, calm: bool) -> None:
        chance, self._count = self._chance, self._count + 1
        kinds = ROUTINE if calm or self._count % 3 else GRAVE if self._count % 9 == 0 else GRIEVANCES
        title, text = chance.choice(kinds)
        number = chance.randrange(2, 9)
        given = {
            "p": chance.choice(_FIRST.split()) + chance.choice(_FIRST.split()) + chance.choice(_LAST.split()),
            "n": number,
            "m": number * 10 + chance.randrange(9),
        }
        for i in range(chance.randrange(2, 2 * REPORTS - 1)):
            heading, body = chance.choice(WAYS) if i else WAYS[0]
            report = SyntheticReport(
                at + timedelta(minutes=chance.randrange(5, 240) if i else 0),
                f"{self._count}-{i}",
                chance.randrange(len(self.feeds)),
                heading.format(title.format(**given)),
                body.format(text.format(**given)),
            )
            heapq.heappush(self._coming, report)


class CityPublisher:
    """Serves a city's feeds on loopback by a clock, at /0, /1, …; what has not changed answers 304."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                number = self.path.strip("/")
                body = b""
                with outer._lock:
                    if number.isdigit() and int(number) < len(city.feeds):
                        city.go_on(outer.clock.now())
                        body = city.rss(int(number))
                mark = '"' + hashlib.sha1(body).hexdigest() + '"'
                same = bool(body) and self.headers.get("If-None-Match") == mark
                self.send_response(304 if same else 200 if body else 404)
                self.send_header("ETag", mark)
                self.send_header("Content-Length", "0" if same else str(len(body)))
                self.end_headers()
                if not same:
                    self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
