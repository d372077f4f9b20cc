"""The app without a window: document, simulation, training, playback. Knows no Qt; loads nothing heavy."""

from odeplayground.session import edits
from odeplayground.session.document import Document
from odeplayground.session.editor import Analysis, analyse
from odeplayground.session.errors import UserError
from odeplayground.session.playback import Playback
from odeplayground.session.session import Session, remembered
from odeplayground.session.simulation import Simulation
from odeplayground.session.training import Training
from odeplayground.session.training_state import TrainingStatus

__all__ = [
    "Analysis",
    "Document",
    "Playback",
    "Session",
    "Simulation",
    "Training",
    "TrainingStatus",
    "UserError",
    "analyse",
    "edits",
    "remembered",
]
