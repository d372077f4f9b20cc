"""What was learned as files that need nothing of ours: weights, a program that runs them, and a card about the run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence

import msgspec

from odeplayground.jobs import CancelToken
from odeplayground.session.errors import UserError
from odeplayground.session.learned_document import NOTHING
from odeplayground.session.model_script import arrays, described, model_program
from odeplayground.session.run_card import card_json, card_text, rows, verdict
from odeplayground.spec import Experiment, TrainedRun

WEIGHTS, PROGRAM, TORCH, CARD, CARD_JSON, PROJECT = (
    "weights.safetensors",
    "run_model.py",
    "model.pt2",
    "card.md",
    "card.json",
    "project.odep",
)
FILES = {
    WEIGHTS: "the weights and scales, in double precision",
    PROGRAM: "loads and runs them with torch and numpy alone",
    TORCH: "the field for torch.export.load",
    CARD: "data, seeds, settings, versions, verdict",
    CARD_JSON: "the same for programs",
    PROJECT: "to open it here again, or to repeat the training",
}


def model_files(experiment: Experiment) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the files of an experiment's run, one after the other.

    Raises:
        UserError: there is no run.
    """
    from odeplayground.storage import project, safetensors

    run = needed_run(experiment)
    field = run.field
    yield WEIGHTS, safetensors.to_bytes(arrays(field), described(field))
    yield PROGRAM, model_program(experiment, field, WEIGHTS).encode()
    # The settings of the run, not those of the next one.
    experiment = msgspec.structs.replace(experiment, training=run.spec)
    yield PROJECT, project.to_bytes(experiment, PROJECT)
    yield CARD, card_text(experiment, run, PROJECT if _same_data(experiment, run) else "").encode()
    yield CARD_JSON, card_json(experiment, run)
    from odeplayground.neural.exported import exported

    yield TORCH, exported(field, {"about.json": card_json(experiment, run).decode()})


def overview(experiment: Experiment) -> str:
    """Which files there will be, and what the card says.

    Raises:
        UserError: there is no run.
    """
    run = needed_run(experiment)
    return "\n".join([*_table([*FILES.items()]), "", verdict(run), "", *_table(rows(experiment, run))])


def _table(lines: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in lines)
    return [f"{name:{width}}  {value}" for name, value in lines]


def _same_data(experiment: Experiment, run: TrainedRun) -> bool:
    """Whether a training would still have the samples of the run."""
    from odeplayground.session.training_data import data_for

    try:
        return data_for(experiment).to_samples() == run.samples
    except ValueError:
        return False


def zipped(experiment: Experiment) -> Callable[[CancelToken], Iterator[float | bytes]]:
    """For ``exports.bytes_job``: all files in one."""

    def make(cancel: CancelToken) -> Iterator[float | bytes]:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (name, data) in enumerate(model_files(experiment)):
                if cancel.cancelled:
                    return
                archive.writestr(name, data)
                yield (number + 1) / (len(FILES) + 1)
        yield buffer.getvalue()

    return make


def needed_run(experiment: Experiment) -> TrainedRun:
    """The run of an experiment.

    Raises:
        UserError: there is none.
    """
    if experiment.run is None:
        raise UserError(NOTHING)
    return experiment.run
