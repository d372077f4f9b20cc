"""Measured data from files: the sheet that loads them, and where a training takes its data from."""
