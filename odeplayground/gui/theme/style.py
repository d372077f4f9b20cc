"""The application's style sheet, made from the tokens.

Only what Qt's own widgets need; sliders, segments, legends and badges are painted and take no sheet.
"""

from __future__ import annotations

from string import Template

import msgspec

from odeplayground.gui.theme.tokens import Tokens

_FRAME = """
QMainWindow { background: $surface; }
QMainWindow::separator { width: 5px; height: 5px; }
QMainWindow::separator:vertical { background: qlineargradient(x1:0, y1:0, x2:1, y2:0, stop:0 $surface,
    stop:0.39 $surface, stop:0.4 $sep, stop:0.6 $sep, stop:0.61 $surface, stop:1 $surface); }
QMainWindow::separator:horizontal { background: qlineargradient(x1:0, y1:0, x2:0, y2:1, stop:0 $surface,
    stop:0.39 $surface, stop:0.4 $sep, stop:0.6 $sep, stop:0.61 $surface, stop:1 $surface); }
QMainWindow::separator:hover { background: $hover; }
QMenuBar { background: $chrome; padding: 0 0 0 8px; spacing: 0px; border: none; }
QMenuBar::item { padding: 6px 8px; background: transparent; border-radius: 4px; color: $text2; }
QMenuBar::item:selected { background: $hover; color: $text; }
QToolBar { background: $chrome; border: none; padding: 0; margin: 0; spacing: 0; }
QToolBar#tool-bar { border-bottom: 1px solid $sep; }
QToolBar#notices { background: $surface; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; color: $text; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $text3; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $sep; margin: 4px 8px; }
QToolTip { background: $text; color: $surface; border: none; padding: 4px 8px; }
"""

_BUTTONS = """
QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 0 5px; color: $text2;
    background: transparent; }
QToolButton:hover, QToolButton:pressed { background: $hover; color: $text; }
QToolButton:checked { background: $accent_soft; color: $accent_text; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $text3; background: transparent; }
QToolButton[kind="field"] { background: $surface; border: 1px solid $border; color: $text; padding: 0; }
QToolButton[kind="field"]:hover { background: $hover; }
QToolButton[kind="field"]:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton { border: 1px solid $border; border-radius: 6px; padding: 0 12px; min-height: 30px;
    background: $surface; color: $text; }
QPushButton:hover, QPushButton:pressed { background: $hover; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $text3; border-color: $sep; background: $surface; }
QPushButton[kind="primary"] { background: $accent; border: 1px solid $accent; color: $on_accent; font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $accent_hover;
    border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $ink; min-height: 28px; padding: 0 11px; }
QPushButton[kind="primary"]:disabled { background: $track; border-color: $track; color: $text2; }
QPushButton[kind="flat"] { border-color: transparent; background: transparent; color: $text2; padding: 0 8px; }
QPushButton[kind="flat"]:hover { background: $hover; color: $text; }
QPushButton[kind="flat"]:focus { border-color: $accent; }
QPushButton[kind="flat"]:disabled { color: $text3; background: transparent; }
QPushButton[kind="link"] { border: none; background: transparent; color: $accent_text; padding: 0;
    min-height: 20px; text-align: left; }
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus { text-decoration: underline; }
"""

_FIELDS = """
QLineEdit { border: 1px solid $border; border-radius: 6px; padding: 0 8px; background: $surface; color: $text;
    min-height: 30px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus { border-color: $accent; }
QLineEdit:disabled { color: $text3; background: $sunken; }
QLineEdit[kind="number"] { border: 1px solid transparent; border-radius: 4px; padding: 0 6px 0 2px; background: $sunken;
    min-height: 22px; }
QLineEdit[kind="number"]:hover { border-color: $border; }
QLineEdit[kind="number"]:focus { border-color: $accent; background: $surface; }
QLineEdit[kind="number"][bad="true"] { border-color: $error; background: $error_soft; color: $text; }
QTextEdit, QPlainTextEdit { border: none; background: transparent; color: $text;
    selection-background-color: $accent_soft; selection-color: $text; }
"""

_LISTS = """
QTableView, QTableWidget, QListView, QTreeView { border: none; background: $surface; color: $text; outline: 0;
    gridline-color: transparent; selection-background-color: $accent_soft; selection-color: $text; }
QTableView::item { border: none; padding: 0 6px; }
QTableView::item:selected, QListView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $text3; border: none; border-bottom: 1px solid $sep;
    padding: 0 9px; font-weight: 400; font-size: 11px; }
QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $sep; }
QListView[kind="completion"] { background: $surface; border: 1px solid $border; padding: 0; }
QListView[kind="completion"]::item { padding: 3px 8px; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; background: transparent; margin: 2px; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 2px; }
QScrollBar::handle { background: $border; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none;
    border: none; height: 0; width: 0; }
QComboBox { border: 1px solid $border; border-radius: 6px; padding: 0 8px; min-height: 26px; background: $surface;
    color: $text; }
QComboBox:hover { background: $hover; }
QComboBox:focus { border-color: $accent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; padding: 4px; }
QProgressBar { background: $track; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""

_LABELS = """
QLabel { background: transparent; color: $text; }
QLabel:disabled { color: $text3; }
QLabel[tone="text2"] { color: $text2; }
QLabel[tone="text3"] { color: $text3; }
QLabel[tone="accent"] { color: $accent_text; }
QLabel[tone="error"] { color: $error; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"] { color: $warn; }
QFrame[kind="hairline"] { background: $sep; border: none; }
QWidget[plane="chrome"] { background: $chrome; }
QWidget[plane="surface"] { background: $surface; }
QWidget[plane="error"] { background: $error_soft; }
QWidget[plane="hint"] { background: $accent_soft; }
"""

_SHEET = Template(_FRAME + _BUTTONS + _FIELDS + _LISTS + _LABELS)


def style_sheet(tokens: Tokens) -> str:
    """One sheet for the whole application.

    Widgets choose with properties: ``kind`` on buttons, fields and frames, ``tone`` on labels, ``plane`` on plain
    widgets (which also need ``WA_StyledBackground``).
    """
    return _SHEET.substitute(msgspec.structs.asdict(tokens))
