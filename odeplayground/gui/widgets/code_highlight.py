"""Colours of the editor's text, from the roles that the reader of the text found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument

from odeplayground.gui.theme import theme
from odeplayground.spec import Role, Token

_COLORS = {
    Role.PARAMETER: "text",
    Role.DEFINITION: "text",
    Role.FUNCTION: "text",
    Role.TIME: "text",
    Role.UNKNOWN: "text",
    Role.NUMBER: "num",
    Role.CONSTANT: "num",
    Role.KEYWORD: "accent_text",
    Role.OPERATOR: "text3",
    Role.COMMENT: "text3",
}
_Span = tuple[int, int, str, int]  # start and length in UTF-16 units, role, index


def utf16_offset(text: str, column: int) -> int:
    """Qt's position (UTF-16 units, from 0) of a column (characters, from 1) in a line."""
    head = text[: max(0, column - 1)]
    return len(head) + sum(character > "\uffff" for character in head)


class CodeHighlighter(QSyntaxHighlighter):
    """Paints tokens that come from outside.

    A block's state is the fingerprint of what it was painted with; it moves with the block, so that lines are
    painted again only where something changed.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._lines: dict[int, tuple[Token, ...]] = {}

    def set_tokens(self, tokens: Iterable[Token]) -> None:
        """Change the tokens of the whole text."""
        lines: dict[int, list[Token]] = {}
        for token in tokens:
            lines.setdefault(token.line, []).append(token)
        self._lines = {line: tuple(found) for line, found in lines.items()}
        block = self.document().firstBlock()
        while block.isValid():
            if block.userState() != self._fingerprint(block):
                self.rehighlightBlock(block)
            block = block.next()

    def highlightBlock(self, text: str) -> None:
        block = self.currentBlock()
        for start, length, role, index in self._spans(text, block.blockNumber() + 1):
            self.setFormat(start, length, _format(Role(role), index))
        self.setCurrentBlockState(self._fingerprint(block))

    def _spans(self, text: str, line: int) -> Sequence[_Span]:
        return [_span(text, token) for token in self._lines.get(line, ())]

    def _fingerprint(self, block: QTextBlock) -> int:
        spans = tuple(self._spans(block.text(), block.blockNumber() + 1))
        return hash(spans) & 0x3FFFFFFF


def _span(text: str, token: Token) -> _Span:
    start = utf16_offset(text, token.column)
    return start, utf16_offset(text, token.column + token.length) - start, token.role.value, token.index


def _format(role: Role, index: int) -> QTextCharFormat:
    result = QTextCharFormat()
    if role == Role.STATE:
        color: QColor = theme().variable_color(max(0, index))
    else:
        color = theme().color(_COLORS[role])
    result.setForeground(color)
    return result
