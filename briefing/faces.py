"""The faces of official papers, and what stands in for one that is not installed; docs/domain.md section 9."""

from __future__ import annotations

from functools import lru_cache

BODY, KAI, HEI, TITLE, SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"
LATIN = "Times New Roman"

# By preference: (what Word is told, names under which a system knows it). No face is embedded.
_BY_PREFERENCE: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    BODY: (
        (BODY, ("仿宋_GB2312", "FangSong_GB2312")),
        ("仿宋", ("仿宋", "FangSong", "STFangsong")),
        ("Noto Serif CJK SC", ("Noto Serif CJK SC",)),
    ),
    KAI: (
        (KAI, ("楷体_GB2312", "KaiTi_GB2312")),
        ("楷体", ("楷体", "KaiTi", "STKaiti")),
        ("Noto Serif CJK SC", ("Noto Serif CJK SC",)),
    ),
    HEI: ((HEI, ("黑体", "SimHei")), ("Noto Sans CJK SC", ("Noto Sans CJK SC",))),
    TITLE: (
        (TITLE, ("方正小标宋简体", "FZXiaoBiaoSong-B05S")),
        ("方正小标宋_GBK", ("方正小标宋_GBK", "FZXiaoBiaoSong-B05")),
        ("华文中宋", ("华文中宋", "STZhongsong")),
        ("宋体", ("宋体", "SimSun")),
        ("Noto Serif CJK SC", ("Noto Serif CJK SC",)),
    ),
    SONG: ((SONG, ("宋体", "SimSun")), ("Noto Serif CJK SC", ("Noto Serif CJK SC",))),
}


def stand_in(face: str) -> str:
    """The face to print with on this machine: the standard's where it is installed, else the next that is.

    Where none is, the standard's. A file that leaves unprinted names the standard's: its reader may have it.
    """
    known = installed()
    for name, aliases in _BY_PREFERENCE.get(face, ()):
        if known.intersection(aliases):
            return name
    return face


def missing() -> dict[str, str]:
    """Faces of the standard that this machine lacks, and what stands in for each; "" where nothing does."""
    known = installed()
    missing = {}
    for face, preferred in _BY_PREFERENCE.items():
        if not known.intersection(preferred[0][1]):
            other = stand_in(face)
            missing[face] = "" if other == face else other
    return missing


def substitutes() -> str:
    """What a paper that was printed here says of its faces: which are missing, and what stands in; "" for none."""
    faces_of: dict[str, list[str]] = {}
    for face, other in missing().items():
        faces_of.setdefault(other or "打印程序所选的字体", []).append(face)
    said = "；".join(f"{'、'.join(faces)}以 {other} 代" for other, faces in faces_of.items())
    return f"本机缺少的字体：{said}。" if said else ""


@lru_cache(maxsize=1)
def installed() -> frozenset[str]:
    """The names of the faces on this machine."""
    from matplotlib import font_manager

    return frozenset(font.name for font in font_manager.fontManager.ttflist)
