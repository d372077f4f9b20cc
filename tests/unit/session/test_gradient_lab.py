"""The gradient lab without a window."""

from __future__ import annotations

import pytest

from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import gradient_lab
from odeplayground.session.document import Document
from odeplayground.session.gradient_lab import CHECKS, Findings, GradientLab
from odeplayground.storage import presets


@pytest.fixture
def document():
    return Document(presets.load("pendulum").experiment)


@pytest.fixture
def quick(monkeypatch):
    """A study that is told in three words."""
    submitted = []

    def job(subject, first):
        submitted.append((subject, first))

        def run(_cancel):
            yield "exact", f"exact {subject.seed}"
            yield "residual", "study"
            if subject.seed == 13:
                raise ValueError("It diverges.")

        return run

    monkeypatch.setattr(gradient_lab, "study_job", job)
    return submitted


def settle(lab, runner):
    for message in runner.drain():
        lab.handle(message.body)


def test_a_study_is_told_and_ends(document, quick):
    runner = InlineRunner(Mailbox())
    lab = GradientLab(document, runner)
    told = []
    lab.changed.connect(lambda: told.append(lab.busy))
    lab.study("random", seed=4, pull=1.0, first=-6)
    assert lab.busy
    settle(lab, runner)
    assert (lab.findings.exact, lab.findings.residual, lab.busy, lab.message) == ("exact 4", "study", False, "")
    assert quick == [(lab.subject, -6)]
    assert told == [True, True, True, False]


def test_older_findings_stay_until_there_are_new_ones(document, quick):
    runner = InlineRunner(Mailbox())
    lab = GradientLab(document, runner)
    lab.study("random", seed=4, pull=1.0)
    settle(lab, runner)
    lab.study("random", seed=5, pull=1.0)
    assert lab.findings.exact == "exact 4"
    settle(lab, runner)
    assert lab.findings.exact == "exact 5"


def test_a_failure_is_a_sentence(document, quick):
    runner = InlineRunner(Mailbox())
    lab = GradientLab(document, runner)
    lab.study("random", seed=13, pull=1.0)
    settle(lab, runner)
    assert not lab.busy
    assert lab.message == "It diverges."


def test_without_a_run_there_is_nothing_learned(document, quick):
    lab = GradientLab(document, InlineRunner(Mailbox()))
    assert "Train" in lab.why_not_learned
    lab.study("learned", seed=0, pull=1.0)
    assert lab.subject.source == "random"


def test_the_real_job_enters_its_findings(monkeypatch):
    monkeypatch.setattr("odeplayground.neural.lab.study.TOLERANCES", (1e-3, 1e-4))
    findings = Findings()
    job = gradient_lab.study_job(gradient_lab.Subject(), -4)(None)
    for kind, found in job:
        findings.enter(kind, found)
        if findings.errors.get("discrete"):
            break
    job.close()
    assert set(findings.pure) == set(findings.restored) == set(findings.costs) == {-3, -4}
    assert findings.residual is not None
    assert findings.blocks[-1] == "times[6]"
    assert findings.errors["discrete"]["start"].keys() == {-4}
    assert not findings.errors.keys() & set(CHECKS)
