"""What characters the bytes of a source really are, whatever they say of themselves."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", re.I)
# gb2312 and gbk are read as the superset that publishers mean; the web's latin-1 is windows-1252.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8"}
# Codecs of Python that are no encoding of a text from outside, or take for ever, or make halves of characters.
_NO_ENCODINGS = frozenset(
    ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs", "oem")
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEAST_CHINESE = 0.2  # share of common characters below which bytes without a name are not taken for Chinese
# The commonest characters of Chinese, simplified and traditional: what a right reading is full of.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相"
    "全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果"
    "料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则"
    "任取据处府南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带"
    "安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装"
    "這個國時來們會發動過說產種後經進對電學當還從兩體機問題開應業間關現實線數無見長頭資邊員總設設條處聞報導統區強決戰給門馬車記議場東"
    "新闻地铁市民政府通报恢复运营事故发布网客户端记者疫情确诊病例消息今天昨天"
)


def decode(body: bytes, charset: str | None = None, override: str = "") -> str:
    """The text of some bytes: by the office's override, their mark, HTTP, their declaration, then what they are.

    A name is believed only where the bytes agree with it. Broken bytes become U+FFFD; nothing is raised.
    """
    if override and is_encoding(override):
        return body.decode(_meant(override), "replace")
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace")
    if body[:4] in (b"<\x00?\x00", b"<\x00r\x00", b"<\x00f\x00"):
        return body.decode("utf-16-le", "replace")
    if body[:4] in (b"\x00<\x00?", b"\x00<\x00r", b"\x00<\x00f"):
        return body.decode("utf-16-be", "replace")
    said = [
        charset,
        *(match[1].decode("ascii") for match in (_DECLARED.match(body[:400]), _META.search(body[:2000])) if match),
    ]
    named = list(dict.fromkeys(_meant(name) for name in said if name and is_encoding(name)))
    whole: str | None
    try:
        whole = body.decode("utf-8")
    except UnicodeDecodeError as error:
        # One broken or cut character does not make a text another encoding.
        whole = body.decode("utf-8", "replace") if _mostly_utf8(body, error) else None
    if whole is not None and (not named or "utf-8" in named or not body.isascii()):
        return whole
    likely = {
        encoding: text for encoding in [*named, "gb18030", "big5"] if (text := _strict(body, encoding)) is not None
    }
    if not named and max(map(_chinese, likely.values()), default=0.0) < LEAST_CHINESE:
        # What is hardly Chinese in any reading is read as the web reads what says nothing of itself.
        likely = {"cp1252": western} if (western := _strict(body, "cp1252")) is not None else likely
    if not likely:
        return body.decode(named[0] if named else "gb18030", "replace")
    # A name given wins over a reading that is only a little more Chinese.
    return max(likely.items(), key=lambda item: _chinese(item[1]) + (0.15 if item[0] in named else 0.0))[1]


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _mostly_utf8(body: bytes, error: UnicodeDecodeError) -> bool:
    broken = body.decode("utf-8", "replace").count("\ufffd")
    high = sum(byte > 0x7F for byte in body[:200_000])
    return error.start > len(body) - 4 or broken * 5 <= high // 3


def _chinese(text: str) -> float:
    """Share (0–1) of the characters beyond ASCII that are common Chinese ones."""
    high = [char for char in text[:100_000] if char > "\x7f"]
    return sum(char in _COMMON for char in high) / len(high) if high else 0.0


def is_encoding(encoding: str) -> bool:
    """Whether a name is that of an encoding in which a text may come."""
    try:
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError):  # ValueError for names that no module could have
        return False
    return bool(codec._is_text_encoding) and codec.name not in _NO_ENCODINGS


def _meant(encoding: str) -> str:
    name = codecs.lookup(encoding).name
    return _MEANT.get(name, name)
