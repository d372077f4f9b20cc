from __future__ import annotations

import pytest

from odeplayground import raster
from odeplayground.jobs import CancelToken
from odeplayground.session.warm_up import warm_up_job


def test_where_no_machine_code_can_be_made_for_lines_the_rest_still_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("no such processor")

    monkeypatch.setattr(raster, "prepare", fail)
    job = warm_up_job(CancelToken(), lambda: False)
    assert [next(job) for _ in range(3)] == ["lines", "presets", "kernels"]
    job.close()


def test_during_a_drag_the_next_step_waits() -> None:
    asked = []

    def hurried() -> bool:
        asked.append(True)
        return len(asked) < 4

    job = warm_up_job(CancelToken(), hurried)
    assert next(job) == "lines"
    assert len(asked) == 4
    job.close()


def test_a_drag_does_not_keep_it_from_ending() -> None:
    cancel = CancelToken()
    cancel.cancel()
    job = warm_up_job(cancel, lambda: True)
    assert next(job) == "lines"
    job.close()
