"""The pieces of a page as widgets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from odeplayground.gui.gallery.pictures import SIZE, Pictures
from odeplayground.gui.help.figures import Figure
from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.buttons import PlainButton
from odeplayground.gui.widgets.equation_view import EquationView
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.painted import Painted
from odeplayground.session import Session
from odeplayground.session.help_pages import Block, BlockKind, rich
from odeplayground.spec import Equation

Follow = Callable[[str], None]


def widget_of(block: Block, session: Session, pictures: Pictures, follow: Follow) -> QWidget:
    """The widget that shows a block; ``follow`` is called with the target of a link."""
    kind = block.kind
    if kind is BlockKind.HEADING:
        heading = label(block.text, 14, 600)
        heading.setContentsMargins(0, 8, 0, 0)
        heading.setWordWrap(True)
        return heading
    if kind is BlockKind.FORMULA:
        view = EquationView(left=12)
        view.setAccessibleName(f"Formula: {block.text}")
        view.set_equations([Equation("formula", block.text, "")])
        return view
    if kind is BlockKind.FIGURE:
        return _captioned(Figure(block.target, block.text), block.text)
    if kind is BlockKind.PRESET:
        return _captioned(PresetPicture(block.target, block.text, session, pictures), block.text)
    if kind is BlockKind.OFFER:
        return _offer(block, follow)
    return _text(block, follow)


def _text(block: Block, follow: Follow) -> QWidget:
    source = block.kind is BlockKind.SOURCE
    words = QLabel(rich(block.text))
    words.setTextFormat(Qt.TextFormat.RichText)
    words.setWordWrap(True)
    words.setFont(fonts.ui(12 if source else 13))
    words.setProperty("tone", "text2" if source else "text")
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
    words.setFocusPolicy(Qt.FocusPolicy.TabFocus if "<a " in words.text() else Qt.FocusPolicy.ClickFocus)
    words.setAccessibleName(block.text)
    words.linkActivated.connect(follow)
    if block.kind is not BlockKind.ITEM:
        return words
    row = QWidget()
    columns = QHBoxLayout(row)
    columns.setContentsMargins(4, 0, 0, 0)
    columns.setSpacing(8)
    columns.addWidget(label("•", 13, 400, "text3"), 0, Qt.AlignmentFlag.AlignTop)
    columns.addWidget(words, 1)
    return row


def _offer(block: Block, follow: Follow) -> QWidget:
    button = PlainButton(block.text, "caret-right" if block.target.startswith("page:") else "play-fill")
    button.setObjectName(f"offer-{block.target}")
    button.setAccessibleName(block.text)
    button.setToolTip(_HINTS[block.target.partition(":")[0]])
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.clicked.connect(partial(_clicked, follow, block.target))
    return button


_HINTS = {
    "page": "Read this page",
    "preset": "Try it: opens the system in this window; undo goes back",
    "action": "Try it: does this in the window now",
}


def _clicked(follow: Follow, target: str, _checked: bool = False) -> None:
    follow(target)


def _captioned(picture: QWidget, caption: str) -> QWidget:
    body = QWidget()
    rows = QVBoxLayout(body)
    rows.setContentsMargins(0, 4, 0, 4)
    rows.setSpacing(6)
    rows.addWidget(picture)
    words = label(caption, 12, 400, "text2")
    words.setWordWrap(True)
    rows.addWidget(words)
    return body


class PresetPicture(Painted):
    """A preset's picture as the gallery shows it, computed from its equations in the background."""

    def __init__(self, name: str, caption: str, session: Session, pictures: Pictures) -> None:
        super().__init__()
        self._name, self._pictures = name, pictures
        self.setObjectName(f"picture-{name}")
        self.setAccessibleName(caption)
        self.setToolTip(caption)
        self.setFixedHeight(SIZE.height())
        self._gallery = session.gallery
        pictures.painted.connect(self._painted)
        session.gallery.pictured.connect(self._painted)
        session.gallery.want([card for card in session.gallery.cards() if card.key == name])

    def sizeHint(self) -> QSize:
        return SIZE

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("sunken"))
        painter.drawRoundedRect(self.rect(), 8, 8)
        pixmap = self._pictures.pixmap(self._name, self.devicePixelRatioF())
        if pixmap is not None:
            painter.drawPixmap(QRectF(QRectF(self.rect()).center().x() - SIZE.width() / 2, 0, SIZE.width(),
                                      SIZE.height()).toRect(), pixmap)  # fmt: skip

    def _painted(self, key: str) -> None:
        if key == self._name:
            self.update()
