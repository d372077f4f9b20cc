"""The editor of equations: plain text, coloured by what was read in it, problems under the exact characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QToolTip, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.code_completion import Completion
from odeplayground.gui.widgets.code_gutter import GUTTER, LINE_HEIGHT, Gutter
from odeplayground.gui.widgets.code_highlight import CodeHighlighter, utf16_offset
from odeplayground.gui.widgets.code_marks import line_x, problem_range, squiggle
from odeplayground.gui.widgets.command_keys import asks_for_command
from odeplayground.gui.widgets.painted import line_pen
from odeplayground.gui.widgets.undo_keys import asks_to_undo
from odeplayground.spec import Problem, Token

_HANG = 14.0  # continuation lines of a long equation stand this much further right
_DROP = 2  # a fixed line height puts the glyphs at the bottom of the line; this centres the tint on them
_FIXED_HEIGHT = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_SHOWN_LINES = (3, 14)


class CodeEditor(QTextEdit):
    """Text in, text out; undo and cursor survive everything but an explicit new text.

    Long lines wrap, so that the end of an equation is always in view. Tab leaves the editor.
    """

    text_edited = Signal(str)
    """A person changed the text."""
    cursor_moved = Signal(int, int)
    """Line and column of the cursor, from 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self._last = ""
        self._gutter = Gutter(self)
        self._highlighter = CodeHighlighter(self.document())
        self._completion = Completion(self)
        self._dress()
        self._format_blocks()
        self.textChanged.connect(self._text_changed)
        self.cursorPositionChanged.connect(self._cursor_changed)
        self.verticalScrollBar().valueChanged.connect(self._gutter.update)
        self.document().documentLayout().documentSizeChanged.connect(self._resized)
        theme().changed.connect(self._recolor)

    @property
    def text(self) -> str:
        return self.toPlainText()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems

    def set_text(self, text: str) -> None:
        """Show a text without a report.

        Only the part that differs is replaced: the cursor stays and the step can be undone.
        """
        old = self.toPlainText()
        if text == old:
            return
        start = _common_head(old, text)
        end = _common_head(old[start:][::-1], text[start:][::-1])
        self._last = text
        cursor = QTextCursor(self.document())
        cursor.setPosition(utf16_offset(old, start + 1))
        cursor.setPosition(utf16_offset(old, len(old) - end + 1), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[start : len(text) - end])

    def reset_text(self, text: str) -> None:
        """Show the text of another document: nothing to undo, cursor at the start."""
        self._last = text
        self.document().setUndoRedoEnabled(False)
        self.setPlainText(text)
        self._format_blocks()
        self.document().setUndoRedoEnabled(True)

    def set_analysis(self, problems: Sequence[Problem], tokens: Sequence[Token]) -> None:
        """What was found in the text: where it is wrong, and what its pieces are."""
        self._problems = tuple(problems)
        self._highlighter.set_tokens(tokens)
        self.viewport().update()
        self._gutter.update()

    def set_names(self, names: Sequence[str]) -> None:
        """Names that can be completed."""
        self._completion.set_names(names)

    def replace_problem(self, problem: Problem) -> None:
        """Replace the marked characters by the problem's repair, as one step that can be undone."""
        block = self.document().findBlockByNumber(problem.line - 1)
        if block.isValid() and problem.replacement:
            start, end = problem_range(block, problem)
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + start)
            cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(problem.replacement)
            self.setTextCursor(cursor)

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor there (both count from 1) and take the focus."""
        block = self.document().findBlockByNumber(line - 1)
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + min(utf16_offset(block.text(), column), block.length() - 1))
            self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def content_height(self) -> int:
        """Height of the whole text at the present width."""
        return round(self.document().size().height()) + 8

    def sizeHint(self) -> QSize:
        fewest, most = _SHOWN_LINES
        return QSize(272, min(most * LINE_HEIGHT + 8, max(fewest * LINE_HEIGHT + 8, self.content_height())))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, _SHOWN_LINES[0] * LINE_HEIGHT + 8)

    # Qt's events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and not self.isUndoRedoEnabled() and asks_to_undo(event):
            event.ignore()  # the window's own undo knows this text too
            return True
        if asks_for_command(event):
            event.ignore()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._gutter.setGeometry(0, 0, GUTTER, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._completion.handles(event):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._completion.open(forced=True)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # With Shift, Qt would put a line separator into the same block.
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)
        if re.fullmatch(r"\w", event.text()):
            self._completion.open()
        elif event.text():
            self._completion.close()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._update_all()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._update_all()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.textCursor().insertText(source.text().replace("\r\n", "\n").replace("\t", "    "))

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText())
        return data

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._message_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.isReadOnly():  # nobody asks for the current line of a text that is only shown
            painter = QPainter(self.viewport())
            painter.fillRect(self.line_rect(self.textCursor().block()), theme().color("sunken"))
            painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(line_pen(theme().color("error"), 1.4))
        for problem in self._problems:
            for rect in self.problem_rects(problem):
                painter.drawPath(squiggle(rect))
        painter.end()

    # Geometry, in viewport coordinates

    def line_rect(self, block: QTextBlock) -> QRect:
        """The full width of a line's text, continuation lines included."""
        top = round(self._origin(block).y()) + _DROP
        # The layout counts the last line without the room that its fixed height adds.
        return QRect(0, top, self.viewport().width(), LINE_HEIGHT * max(1, block.layout().lineCount()))

    def problem_rects(self, problem: Problem) -> list[QRectF]:
        """Where the characters of a problem stand; one rectangle for each visual line."""
        block = self.document().findBlockByNumber(problem.line - 1)
        if not block.isValid():
            return []
        start, end = problem_range(block, problem)
        origin = self._origin(block)
        layout = block.layout()
        rects = []
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first, last = line.textStart(), line.textStart() + line.textLength()
            is_last = number == layout.lineCount() - 1
            if start > last or end < first or (start == last and not is_last):
                continue
            left, right = line_x(line, max(start, first)), line_x(line, min(end, last))
            width = max(right - left, self.fontMetrics().horizontalAdvance("x"))
            rects.append(QRectF(origin.x() + left, origin.y() + number * LINE_HEIGHT + _DROP, width, LINE_HEIGHT))
        return rects

    # Inside

    def _origin(self, block: QTextBlock) -> QPointF:
        corner = self.document().documentLayout().blockBoundingRect(block).topLeft()
        return corner - QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _dress(self) -> None:
        self.setFont(fonts.mono())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(GUTTER, 0, 0, 0)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.setCursorWidth(2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Equations")

    def _format_blocks(self) -> None:
        layout = QTextBlockFormat()
        layout.setLineHeight(LINE_HEIGHT, _FIXED_HEIGHT)
        layout.setLeftMargin(_HANG)
        layout.setTextIndent(-_HANG)
        undoable = self.document().isUndoRedoEnabled()
        self.document().setUndoRedoEnabled(False)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(layout)
        self.document().setUndoRedoEnabled(undoable)

    def _text_changed(self) -> None:
        text = self.toPlainText()
        self._gutter.update()
        if text != self._last:
            self._last = text
            self.text_edited.emit(text)

    def _resized(self) -> None:
        self.updateGeometry()
        self._gutter.update()

    def _cursor_changed(self) -> None:
        self._update_all()
        cursor = self.textCursor()
        self.cursor_moved.emit(cursor.blockNumber() + 1, cursor.positionInBlock() + 1)

    def _update_all(self) -> None:
        self.viewport().update()
        self._gutter.update()

    def _recolor(self) -> None:
        self._highlighter.rehighlight()
        self._update_all()

    def _message_at(self, point: QPointF) -> str:
        for problem in self._problems:
            if any(rect.adjusted(-2, 0, 2, 0).contains(point) for rect in self.problem_rects(problem)):
                return f"{problem.message} {problem.suggestion}".strip()
        return ""


def _common_head(first: str, second: str) -> int:
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return length
