from __future__ import annotations

import pytest

from odeplayground import raster
from odeplayground.jobs import CancelToken
from odeplayground.session.warm_up import warm_up_job


def test_where_no_machine_code_can_be_made_for_lines_the_rest_still_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("no such processor")

    monkeypatch.setattr(raster, "prepare", fail)
    job = warm_up_job(CancelToken())
    assert [next(job) for _ in range(3)] == ["lines", "presets", "kernels"]
    job.close()
