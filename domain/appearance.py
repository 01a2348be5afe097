"""How the window looks (外观)."""

from __future__ import annotations

from domain.concern import Labelled


class Appearance(Labelled):
    """As the system is, light or dark."""

    SYSTEM = ("system", "跟随系统")
    LIGHT = ("light", "浅色")
    DARK = ("dark", "深色")
