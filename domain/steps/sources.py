"""The steps of sources (信源): adding, changing, pausing, removing, lists of them; how the columns of a table are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from domain.article import SourceTier
from domain.steps.step import Step, entered


@dataclass(frozen=True, slots=True)
class AddSource(Step):
    """添加信源 by address, file or folder; without a kind, the one that it looks like."""

    code: ClassVar[str] = "add-source"
    label: ClassVar[str] = "添加信源"
    where: str = entered("地址", secret=True)  # it may hold a password; the record tells what is kept of it
    name: str = entered("名称", default="")
    tier: SourceTier = entered("层级", default=SourceTier.PORTAL)
    kind: str = entered("种类", default="")
    options: Mapping[str, Any] | None = entered("参数", default=None)
    place: str = entered("所在地", default="")
    tags: tuple[str, ...] = entered("标签", default=())
    encoding: str = entered("编码", default="")


@dataclass(frozen=True, slots=True)
class ChangeSources(Step):
    """修改信源, one or many at once; what is None stays as it is. A changed address or way of reading begins anew."""

    code: ClassVar[str] = "change-sources"
    label: ClassVar[str] = "修改信源"
    sources: tuple[int, ...] = entered("哪些信源")
    name: str | None = entered("名称", default=None)
    url: str | None = entered("地址", default=None, secret=True)
    tier: SourceTier | None = entered("层级", default=None)
    place: str | None = entered("所在地", default=None)
    tags: tuple[str, ...] | None = entered("标签", default=None)
    encoding: str | None = entered("编码", default=None)
    options: Mapping[str, Any] | None = entered("参数", default=None)


@dataclass(frozen=True, slots=True)
class PauseSources(Step):
    """暂停采集 of some sources, or collecting from them again."""

    code: ClassVar[str] = "pause-sources"
    label: ClassVar[str] = "暂停信源"
    sources: tuple[int, ...] = entered("哪些信源")
    paused: bool = entered("暂停", default=True)


@dataclass(frozen=True, slots=True)
class RemoveSources(Step):
    """删除信源; their articles stay."""

    code: ClassVar[str] = "remove-sources"
    label: ClassVar[str] = "删除信源"
    sources: tuple[int, ...] = entered("哪些信源")


@dataclass(frozen=True, slots=True)
class ImportSources(Step):
    """导入订阅列表: the feeds of an OPML file."""

    code: ClassVar[str] = "import-sources"
    label: ClassVar[str] = "导入订阅列表"
    file: Path = entered("OPML 文件")


@dataclass(frozen=True, slots=True)
class SaveColumns(Step):
    """保存列对应方案: which column of a table is what, under a name."""

    code: ClassVar[str] = "save-columns"
    label: ClassVar[str] = "保存列对应方案"
    name: str = entered("方案名称")
    mapping: Mapping[str, str] = entered("列的对应")
