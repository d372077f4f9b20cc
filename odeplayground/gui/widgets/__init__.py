"""Painted parts of the window. They know the theme and frozen data, nothing of the session."""
