"""Colours, type and spacing, light and dark, in one style sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from domain.appearance import Appearance

FAMILIES = ("Microsoft YaHei UI", "Noto Sans CJK SC", "Source Han Sans SC", "思源黑体")
GRADE_COLOURS = {"I": "#C9302C", "II": "#C96A00", "III": "#A87B00", "IV": "#2A62BC"}
# The same on a dark ground, light enough to be read there (4.5:1 and more).
_ON_DARK = {"#C9302C": "#F0736E", "#C96A00": "#F2994A", "#A87B00": "#D9AC3D", "#2A62BC": "#7FA8F5"}


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one look."""

    ground: str
    surface: str
    line: str
    text: str
    secondary: str
    accent: str
    overdue: str
    chosen: str


LIGHT = Theme("#F6F7F9", "#FFFFFF", "#E3E6EB", "#1D2129", "#5B6472", "#2459C6", "#C9302C", "#E8EEFA")
DARK = Theme("#16181D", "#1E2127", "#30353E", "#E6E8EB", "#9AA3B2", "#6C9BFF", "#E5635F", "#28324A")


def apply_theme(app: QApplication, choice: Appearance = Appearance.SYSTEM) -> Theme:
    """Dress the application: light, dark, or as the system is."""
    dark = choice is Appearance.DARK or (
        choice is Appearance.SYSTEM and app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    )
    theme = DARK if dark else LIGHT
    if app.property("wenying-theme") == theme.ground:  # dressed so already; dressing anew costs a stall
        return theme
    app.setProperty("wenying-theme", theme.ground)
    app.setStyle("Fusion")
    installed = set(QFontDatabase.families())
    font = QFont(next((name for name in FAMILIES if name in installed), app.font().family()))
    font.setPixelSize(14)
    app.setFont(font)
    app.setPalette(_palette(theme))
    app.setStyleSheet(_sheet(theme))
    return theme


def legible(colour: str, palette: QPalette) -> QColor:
    """A colour of a grade or clock as it is written on the ground of a palette."""
    dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    return QColor(_ON_DARK.get(colour, colour) if dark else colour)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for roles, colour in (
        ((role.Window,), theme.ground),
        ((role.Base, role.Button, role.ToolTipBase, role.AlternateBase), theme.surface),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), theme.text),
        ((role.PlaceholderText,), theme.secondary),
        ((role.Highlight,), theme.chosen),
        ((role.HighlightedText,), theme.text),
        ((role.Link, role.Accent), theme.accent),
        ((role.Mid, role.Midlight), theme.line),
    ):
        for one in roles:
            palette.setColor(one, QColor(colour))
    return palette


def _resource(name: str, theme: Theme) -> str:
    look = "light" if theme is LIGHT else "dark"
    return (Path(__file__).parent / "resources" / f"{name}-{look}.svg").as_posix()


def _sheet(t: Theme) -> str:
    return _of_window(t) + _of_fields(t)


def _of_window(t: Theme) -> str:
    """The frame, and what is read: labels, lists, tables."""
    return f"""
    QWidget#nav {{ background: {t.surface}; border-right: 1px solid {t.line}; }}
    QWidget#strip {{ background: {t.surface}; border-bottom: 1px solid {t.line}; }}
    QListWidget#pages {{ border: none; background: {t.surface}; outline: none; }}
    QListWidget#pages::item {{ padding-left: 14px; border-radius: 6px; margin: 1px 8px; }}
    QListWidget#pages::item:selected {{ background: {t.chosen}; color: {t.accent}; font-weight: 600; }}
    QLabel#brand {{ font-size: 20px; font-weight: 700; padding: 14px 16px 8px 20px; color: {t.text}; }}
    QLabel[role="title"] {{ font-size: 16px; font-weight: 600; }}
    QLabel[role="big"] {{ font-size: 22px; font-weight: 600; }}
    QLabel[role="secondary"] {{ font-size: 12px; color: {t.secondary}; }}
    QLabel[role="fault"] {{ font-size: 12px; color: {t.overdue}; }}
    QLabel[role="chip"] {{ font-size: 12px; border: 1px solid {t.line}; border-radius: 6px; padding: 3px 8px; }}
    QLabel[role="overdue"] {{ font-size: 12px; background: {t.overdue}; color: white; border-radius: 6px; padding: 3px 8px; }}
    QLabel#fault {{ background: {t.surface}; color: {t.overdue}; border-top: 1px solid {t.overdue}; padding: 2px 16px; }}
    QLabel#fault[role="news"] {{ color: {t.text}; border-top-color: {t.accent}; }}
    QTableView, QListView, QTreeView, QTextBrowser, QPlainTextEdit, QScrollArea {{
        background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; gridline-color: {t.line}; outline: none;
        selection-background-color: {t.chosen}; selection-color: {t.text}; }}
    QScrollArea[role="plain"], QScrollArea[role="plain"] > QWidget > QWidget {{ background: transparent; border: none; }}
    QTreeView::item {{ min-height: 28px; }}
    QListWidget#sentences::item {{ padding: 6px 4px; border-bottom: 1px solid {t.line}; }}
    QListWidget#cards::item {{ padding: 6px; margin: 4px; border: 1px solid {t.line}; border-radius: 6px; }}
    QListWidget#cards::item:selected {{ background: {t.chosen}; border-color: {t.accent}; color: {t.text}; }}
    QTableView::item {{ padding: 0 8px; border-bottom: 1px solid {t.line}; }}
    QHeaderView::section {{ background: {t.surface}; color: {t.secondary}; border: none; font-size: 12px;
        border-bottom: 1px solid {t.line}; padding: 6px 8px; }}
    """


def _of_fields(t: Theme) -> str:
    """What is pressed and filled in, and what opens over the window."""
    return f"""
    QPushButton[role="quiet"] {{ border: none; background: transparent; color: {t.secondary}; text-align: left; padding: 4px 16px; }}
    QPushButton[role="quiet"]:hover {{ color: {t.accent}; }}
    QLineEdit, QComboBox, QDateEdit, QDateTimeEdit, QDoubleSpinBox, QSpinBox {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px;
        padding: 5px 8px; min-height: 20px; }}
    QLineEdit:focus, QPlainTextEdit:focus, QTableView:focus, QTreeView:focus, QListView:focus, QComboBox:focus,
    QAbstractSpinBox:focus, QDateEdit:focus, QDateTimeEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus {{
        border-color: {t.accent}; }}
    QPushButton {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; padding: 6px 14px; }}
    QPushButton:hover {{ border-color: {t.accent}; }}
    QPushButton:disabled {{ color: {t.secondary}; }}
    QPushButton:focus {{ border: 2px solid {t.accent}; padding: 5px 13px; }}
    QPushButton[role="main"] {{ background: {t.accent}; color: {"#FFFFFF" if t is LIGHT else "#10131A"};
        border: 2px solid {t.accent}; padding: 5px 13px; font-weight: 600; }}
    QPushButton[role="main"]:focus {{ border-color: {t.text}; }}
    QPushButton[role="main"]:disabled {{ background: {t.line}; color: {t.secondary}; border-color: {t.line}; }}
    QPushButton[role="quiet"]:focus {{ border: none; padding: 4px 16px; color: {t.accent}; text-decoration: underline; }}
    QCheckBox:focus {{ color: {t.accent}; }}
    QPushButton[role="waiting"] {{ border: none; background: {t.chosen}; color: {t.accent}; padding: 4px 10px; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QTabWidget::pane {{ border: none; top: 4px; }}
    QTabBar::tab {{ background: transparent; border: none; padding: 6px 12px; color: {t.secondary}; }}
    QTabBar::tab:selected {{ color: {t.accent}; border-bottom: 2px solid {t.accent}; font-weight: 600; }}
    QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down {{ border: none; width: 24px; }}
    QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow {{
        image: url("{_resource("chevron", t)}"); width: 12px; height: 12px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; background: transparent; width: 22px; }}
    QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{_resource("chevron-up", t)}"); width: 10px; height: 10px; }}
    QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: url("{_resource("chevron", t)}"); width: 10px; height: 10px; }}
    QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.line}; outline: none; }}
    QCheckBox::indicator, QTableView::indicator, QListView::indicator, QTreeView::indicator {{ width: 16px; height: 16px;
        border: 1px solid {t.secondary}; border-radius: 4px; background: {t.surface}; }}
    QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked, QTreeView::indicator:checked {{
        background: {t.accent}; border-color: {t.accent}; image: url("{_resource("check", t)}"); }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {t.line}; border-radius: 3px; min-height: 32px; min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {t.secondary}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QMenu {{ background: {t.surface}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.chosen}; }}
    QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
    QSplitter::handle {{ background: transparent; width: 12px; height: 12px; }}
    """
