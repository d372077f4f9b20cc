"""Choosing what to look at: the gallery of systems, and templates for a system of one's own."""
