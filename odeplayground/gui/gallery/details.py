"""What the chosen system is about, and where it comes from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from odeplayground.gui.widgets.labels import label
from odeplayground.session.gallery import GalleryCard

HEIGHT = 104


class Details(QWidget):
    """Story at the left, tags and source at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery-details")
        self.setFixedHeight(HEIGHT)
        self._story = _text(13, "text")
        self._tags = _text(11, "text2")
        self._source = _text(11, "text3")
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self._tags)
        right.addWidget(self._source, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(24, 14, 24, 8)
        columns.setSpacing(32)
        columns.addWidget(self._story, 11)
        columns.addLayout(right, 9)

    def show_card(self, card: GalleryCard | None) -> None:
        """Tell about this card; ``None``: nothing was found."""
        self._story.setText(card.story if card else "")
        self._tags.setText("   ".join(card.tags) if card else "")
        self._source.setText(card.source if card else "")
        self._source.setToolTip(card.source if card else "")


def _text(px: float, tone: str) -> QLabel:
    made = label("", px, 400, tone)
    made.setWordWrap(True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made
