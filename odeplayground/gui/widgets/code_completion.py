"""Completion of names in the editor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QTextEdit

from odeplayground.gui.theme import fonts

_FEWEST_LETTERS = 2
_TAKING = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Backtab}
_WORD_BEFORE = re.compile(r"[^\W\d]\w*$")


class Completion(QObject):
    """A list of names under the cursor. The list is built when it is first needed."""

    def __init__(self, editor: QTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._names: list[str] = []
        self._completer: QCompleter | None = None
        self._popup: QListView | None = None

    @property
    def popup_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def set_names(self, names: Sequence[str]) -> None:
        """The names to offer."""
        self._names = sorted(set(names), key=str.casefold)
        if self._completer is not None:
            self._completer.setModel(QStringListModel(self._names, self._completer))

    def handles(self, event: QKeyEvent) -> bool:
        """Whether the open list wants this key."""
        return self.popup_open and Qt.Key(event.key()) in _TAKING

    def open(self, forced: bool = False) -> None:
        """Offer what the word before the cursor may become; ``forced`` also after few or no letters."""
        word = self._word()
        if not forced and len(word) < _FEWEST_LETTERS:
            self.close()
            return
        completer, popup = self._ready()
        completer.setCompletionPrefix(word)
        count = completer.completionCount()
        if count == 0 or (count == 1 and completer.currentCompletion() == word):
            self.close()
            return
        popup.setCurrentIndex(completer.completionModel().index(0, 0))
        rect = self._editor.cursorRect()
        rect.translate(self._editor.viewport().pos())
        rect.setWidth(popup.sizeHintForColumn(0) + 40)
        completer.complete(rect)

    def close(self) -> None:
        """Take the list away."""
        if self._popup is not None:
            self._popup.hide()

    def _ready(self) -> tuple[QCompleter, QListView]:
        if self._completer is None or self._popup is None:
            completer = QCompleter(self)
            completer.setModel(QStringListModel(self._names, completer))
            completer.setWidget(self._editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setMaxVisibleItems(8)
            popup = QListView()
            popup.setProperty("kind", "completion")
            popup.setFont(fonts.mono())
            completer.setPopup(popup)
            completer.activated.connect(self._take)
            self._completer, self._popup = completer, popup
        return self._completer, self._popup

    def _word(self) -> str:
        cursor = self._editor.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        match = _WORD_BEFORE.search(before)
        return match[0] if match else ""

    def _take(self, name: str) -> None:
        cursor = self._editor.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self._word()))
        cursor.insertText(name)
        self._editor.setTextCursor(cursor)
