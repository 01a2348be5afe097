"""Where a refusal is shown: beside the field that it names, else at the foot."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.kit.parts import label


class Faults:
    """The faults of some fields; none of them is shown until something is refused."""

    def __init__(self) -> None:
        self.foot = label("", "fault", True)
        self.foot.hide()
        self._fields: dict[str, QWidget] = {}
        self._beside: dict[str, QLabel] = {}
        self._view: QScrollArea | None = None

    def beside(self, key: str, name: str, field: QWidget, holder: QWidget | None = None) -> QWidget:
        """The field (or what holds it) with room for its fault below; `key` is what a refusal calls it."""
        field.setAccessibleName(name)
        fault = label("", "fault", True)
        fault.setAccessibleName(f"{name}：不能这样填")
        fault.hide()
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(holder or field)
        layout.addWidget(fault)
        self._fields[key], self._beside[key] = field, fault
        return shown

    def shown_in(self, view: QScrollArea) -> None:
        """The fields scroll in a view, in which a fault is to be seen."""
        self._view = view

    def field(self, key: str) -> QWidget:
        """The field that a refusal calls by this word."""
        return self._fields[key]

    def show(self, said: str) -> None:
        """Say why something was refused; nothing of what was typed changes."""
        self.clear()
        key = getattr(said, "field", "")
        shown = self._beside.get(key, self.foot)
        shown.setText(said.strip())
        shown.show()
        if key in self._fields:
            self._fields[key].setFocus()
            if self._view is not None:
                self._view.ensureWidgetVisible(shown)

    def clear(self) -> None:
        """Show none."""
        for fault in (*self._beside.values(), self.foot):
            fault.hide()
            fault.clear()

    def where(self) -> str:
        """The field beside which something is said; empty for the foot, and for nothing."""
        return next((key for key, fault in self._beside.items() if not fault.isHidden()), "")

    def told(self) -> str:
        """The sentence that is shown, empty where nothing was refused."""
        return "".join(fault.text() for fault in (*self._beside.values(), self.foot) if not fault.isHidden())
