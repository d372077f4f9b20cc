"""Somebody who clicks, drags, types, scrolls and resizes without any sense."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from random import Random

from PySide6.QtCore import QEventLoop, QPoint, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QAbstractSpinBox, QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from odeplayground.gui.actions import ACTIONS
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.widgets.painted import Painted

NEVER = {"quit", "close_window", "new_window", "reopen_window"}
"""Commands that would end it, or lead it away."""
PAUSE = 8
"""Milliseconds between two actions."""
BORED = 0.15
"""How likely a menu or dialog is left with the next action."""
SMALL, LARGE = QSize(1024, 700), QSize(1920, 1080)
BUTTONS = 6 * [Qt.MouseButton.LeftButton] + [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton]
MODIFIERS = 8 * [Qt.KeyboardModifier.NoModifier] + [
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
]
KEYS = [
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F1),
    *(Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_Z, Qt.Key.Key_A),
]
WORDS = [
    *("1", "-3.5", "1e9", "1e-300", "0", "inf", "nan", "pi", "-", ".", " ", "100000", "van der", "lorenz", "zzz"),
    *("x' = y", "y' = -x + a*sin(t)", "a = 2 in [0, 5]", "x(0) = 1/0", "g(u) = u^2", "+ [?](x)", "# remark", "'", "(("),
    *(" - 0.1*x^3", "**", "^^", "'''", "θ", "exp(exp(exp(x)))", "x = ", "\t", "z' = z^99", "tanh(x)/y", "t"),
]
HANDLES = (QAbstractButton, QAbstractScrollArea, QAbstractSpinBox, QLineEdit, Painted)
"""What there is to take hold of; else it would mostly meet the empty plane."""


class Monkey:
    """Acts by a seed, in the event loop, also inside of menus and dialogs, until time is over or something is wrong."""

    def __init__(self, window: MainWindow, seed: int, wrong: Callable[[], bool]) -> None:
        """``wrong`` is asked before every action whether to stop."""
        self.count = 0
        self.last: deque[str] = deque(maxlen=30)
        self._window = window
        self._random = Random(seed)
        self._wrong = wrong
        self._loop = QEventLoop()
        self._most, self._end = 0, 0.0
        self._at_work: QWidget | None = None
        self._acts = [
            *(8 * [self._click], 4 * [self._drag], 3 * [self._wheel], 3 * [self._key], 2 * [self._type]),
            *([self._double_click], [self._hover], [self._shortcut], [self._command], [self._resize]),
        ]
        self._acts = [act for acts in self._acts for act in acts]

    def play(self, seconds: float, most: int) -> None:
        """Act for so long and so often at most."""
        self._most, self._end = self.count + most, time.monotonic() + seconds
        QTimer.singleShot(0, self._act)
        self._loop.exec()
        while (top := self._top()) is not self._window:
            top.close()
            QApplication.processEvents()

    def _act(self) -> None:
        if self.count >= self._most or time.monotonic() > self._end or self._wrong():
            self._stop()
            return
        # Before acting: what follows may be a loop of events of its own, that of a dialog.
        QTimer.singleShot(PAUSE, self._act)
        if self._at_work is self._top():
            return
        before, self._at_work = self._at_work, self._top()
        self.count += 1
        away = self._at_work is not self._window and self._random.random() < BORED
        (self._escape if away else self._random.choice(self._acts))()
        self._at_work = before

    def _stop(self) -> None:
        """From the innermost loop outwards."""
        if self._top() is not self._window:
            self._top().close()
            QTimer.singleShot(PAUSE, self._stop)
        self._loop.quit()

    def _top(self) -> QWidget:
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window

    # What it can do

    def _click(self) -> None:
        top, at = self._place()
        button, modifier = self._random.choice(BUTTONS), self._random.choice(MODIFIERS)
        self._say("click", at, button.name, modifier.name, _what(top, at))
        QTest.mouseClick(top.windowHandle(), button, modifier, at)

    def _double_click(self) -> None:
        top, at = self._place()
        self._say("double click", at, _what(top, at))
        QTest.mouseDClick(top.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def _hover(self) -> None:
        top, at = self._place()
        self._say("hover", at, _what(top, at))
        QTest.mouseMove(top.windowHandle(), at)

    def _drag(self) -> None:
        top, start = self._place()
        end = self._inside(top) if self._random.random() < 0.5 else start + self._offset(120)
        button, modifier = self._random.choice(BUTTONS), self._random.choice(MODIFIERS)
        self._say("drag", start, end, button.name, modifier.name, _what(top, start))
        handle = top.windowHandle()
        QTest.mousePress(handle, button, modifier, start)
        steps = self._random.randint(1, 12)
        for k in range(1, steps + 1):
            if isValid(handle):  # a menu may have closed
                QTest.mouseMove(handle, start + (end - start) * k / steps)
        if isValid(handle):
            QTest.mouseRelease(handle, button, modifier, end)

    def _wheel(self) -> None:
        top, at = self._place()
        turn, modifier = QPoint(0, 120 * self._random.choice((-4, -1, 1, 3))), self._random.choice(MODIFIERS)
        self._say("wheel", at, turn.y(), modifier.name, _what(top, at))
        QTest.wheelEvent(top.windowHandle(), at, turn, QPoint(), modifier)

    def _key(self) -> None:
        key, modifier = self._random.choice(KEYS), self._random.choice(MODIFIERS)
        self._say("key", key.name, modifier.name, _focus())
        QTest.keyClick(self._top().windowHandle(), key, modifier)

    def _escape(self) -> None:
        self._say("escape")
        QTest.keyClick(self._top().windowHandle(), Qt.Key.Key_Escape)

    def _type(self) -> None:
        word = self._random.choice(WORDS)
        self._say("type", repr(word), _focus())
        for letter in word:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click,
                self._top().windowHandle(),
                Qt.Key.Key_unknown,
                letter,
                Qt.KeyboardModifier.NoModifier,
            )

    def _shortcut(self) -> None:
        spec = self._random.choice([spec for spec in ACTIONS if spec.shortcut and spec.name not in NEVER])
        self._say("shortcut", spec.name, spec.shortcut)
        QTest.keySequence(self._top().windowHandle(), spec.shortcut)

    def _command(self) -> None:
        spec = self._random.choice([spec for spec in ACTIONS if spec.name not in NEVER])
        self._say("command", spec.name)
        self._window.actions_by_name[spec.name].trigger()

    def _resize(self) -> None:
        size = QSize(
            self._random.randint(SMALL.width(), LARGE.width()), self._random.randint(SMALL.height(), LARGE.height())
        )
        self._say("resize", size)
        self._window.resize(size)

    # Where

    def _place(self) -> tuple[QWidget, QPoint]:
        """A top-level widget and a place in it: anywhere, or on something that can be taken hold of."""
        top = self._top()
        if top is self._window and self._random.random() < 0.2:
            top = self._random.choice(_windows())  # such as a panel that floats
        handles = [thing for kind in HANDLES for thing in top.findChildren(kind) if _in_sight(thing)]
        if not handles or self._random.random() < 0.4:
            return top, self._inside(top)
        thing = self._random.choice(handles)
        return top, thing.mapTo(top, self._inside(thing))

    def _inside(self, widget: QWidget) -> QPoint:
        return QPoint(self._random.randrange(max(1, widget.width())), self._random.randrange(max(1, widget.height())))

    def _offset(self, most: int) -> QPoint:
        return QPoint(self._random.randint(-most, most), self._random.randint(-most, most))

    def _say(self, *words: object) -> None:
        self.last.append(f"{self.count}: " + " ".join(map(_said, words)))


def _windows() -> list[QWidget]:
    """All that have a frame of their own."""
    return [top for top in QApplication.topLevelWidgets() if top.isVisible() and top.windowHandle() is not None]


def _in_sight(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty() and not widget.isWindow()


def _what(top: QWidget, at: QPoint) -> str:
    """What is there, for people."""
    return _name(top.childAt(at) or top)


def _focus() -> str:
    widget = QApplication.focusWidget()
    return f"in {_name(widget)}" if widget else "in nothing"


def _name(widget: QWidget) -> str:
    while not widget.objectName() and widget.parentWidget() is not None and type(widget) is QWidget:
        widget = widget.parentWidget()
    return f"{type(widget).__name__} {widget.objectName()}".strip()


def _said(word: object) -> str:
    if isinstance(word, QPoint):
        return f"({word.x()}, {word.y()})"
    return f"{word.width()} x {word.height()}" if isinstance(word, QSize) else str(word)
