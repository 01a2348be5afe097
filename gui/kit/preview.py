"""A page of our own making as HTML; nothing is loaded for it but what stands in it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser


class Preview(QTextBrowser):
    """What came from outside is escaped in the page; should a tag slip through, it still reads no file and no address."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        address = name if isinstance(name, QUrl) else QUrl(name)
        return super().loadResource(kind, address) if address.scheme() == "data" else None
