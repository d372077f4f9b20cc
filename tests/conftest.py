"""For all tests: the same random examples on every run, so that a failure is there for everybody.

`make soak` searches with new ones.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile("same")
