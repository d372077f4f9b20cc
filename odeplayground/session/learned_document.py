"""What was learned as a document of its own: equations whose right-hand sides are the terms ``[?]``, already trained.

So all that can be done with typed equations can be done with it: portrait, equilibria, cycles and diagrams, and terms
that are written beside the network.
"""

from __future__ import annotations

import msgspec

from odeplayground import expr
from odeplayground.session import edits
from odeplayground.session.editor import read
from odeplayground.session.errors import UserError
from odeplayground.session.learned_terms import output_terms
from odeplayground.spec import (
    DiagramSettings,
    Experiment,
    FieldMode,
    LearnedSystem,
    LearnedTerm,
    Samples,
    Structure,
    System,
    TrainedRun,
    View,
)

NOTHING = "There is no learned field yet. Train a network first."


def why_not_open(experiment: Experiment) -> str:
    """Why nothing learned can be opened as a document; empty if it can."""
    return "" if experiment.run is not None else NOTHING


def learned_document(experiment: Experiment, run: TrainedRun | None = None) -> Experiment:
    """A document whose system is what was learned, seen as the experiment is seen. It holds no training itself.

    A network becomes one term ``[?]`` per equation, which computes the same as the network to rounding; what the
    training took as known (velocities, the shape of Hamilton's equations) is written out. Learned parameters and terms
    of typed equations are put into these.

    Raises:
        UserError: there is neither a run nor one in the experiment.
    """
    run = run or experiment.run
    if run is None:
        raise UserError(NOTHING)
    if isinstance(run.field, System):
        opened = _of_equations(experiment, run.field)
    else:
        text = learned_text(run.field, experiment)
        opened = _with_terms(edits.set_text(_bare(experiment), text), _terms(run.field))
    return msgspec.structs.replace(
        opened,
        name=f"{experiment.name}, learned",
        preset="",
        view=_true(opened.view),
        beside=tuple(_true(view) for view in opened.beside),
        diagram=DiagramSettings(),
        data=_data(experiment, run.samples) or opened.data,
        plan=msgspec.structs.replace(opened.plan, from_file=bool(run.samples.times)),
    )


def _data(experiment: Experiment, samples: Samples) -> Samples | None:
    """The samples as measured data: nothing else is known of the truth, and a training can go on with them."""
    source = samples.source or experiment.name
    return msgspec.structs.replace(samples, source=source) if samples.times else None


def learned_text(field: LearnedSystem, experiment: Experiment) -> str:
    """A learned network as equations with a term ``[?]`` for each of its outputs, or for each slope of its energy."""
    rates = _hamiltonian(field) if field.structure is Structure.HAMILTONIAN else _rates(field)
    start = experiment.starts[0]
    return "\n".join(
        (
            f"# [?] is {'a slope of the learned energy' if _has_energy(field) else 'a learned network'}.",
            *(f"{name}' = {rates[name]}" for name in field.states),
            *(
                f"{_friction_name(field, pair)} = {field.friction[pair]!r}"
                for pair in range(len(field.pairs))
                if _has_friction(field, pair)
            ),
            "",
            *(f"{name}(0) = {value:.12g}" for name, value in zip(field.states, start, strict=True)),
            "t in [{:.12g}, {:.12g}]".format(*experiment.t_span),
            "",
        )
    )


def _of_equations(experiment: Experiment, field: System) -> Experiment:
    """Typed equations with what was learned for their parameters and terms."""
    text, typed = experiment.text, read(experiment.text).system
    if typed is None or (typed.variables, typed.definitions) != (field.variables, field.definitions):
        text = expr.format_system(field)
    opened = _with_terms(edits.set_text(_bare(experiment), text), field.terms)
    values = dict(zip(field.parameters, field.values, strict=True))
    return edits.follow_values(msgspec.structs.replace(opened, values=values), tuple(values))


def _bare(experiment: Experiment) -> Experiment:
    """Without what belongs to the training, and without terms that would be carried over."""
    system = msgspec.structs.replace(experiment.system, terms=())
    return msgspec.structs.replace(experiment, system=system, run=None)


def _with_terms(experiment: Experiment, terms: tuple[LearnedTerm | None, ...]) -> Experiment:
    return msgspec.structs.replace(experiment, system=msgspec.structs.replace(experiment.system, terms=terms))


def _true(view: View) -> View:
    """The system of this document is its own truth."""
    return msgspec.structs.replace(view, mode=FieldMode.TRUE)


def _has_energy(field: LearnedSystem) -> bool:
    return field.structure is Structure.HAMILTONIAN


def _call(field: LearnedSystem) -> str:
    inputs: list[str] = []
    for name in field.states:
        inputs += [f"sin({name})", f"cos({name})"] if name in field.angles else [name]
    return f"[?]({', '.join([*inputs, 't'] if field.time_input else inputs)})"


def _rates(field: LearnedSystem) -> dict[str, str]:
    known, call = dict(field.pairs), _call(field)
    return {name: known.get(name, call) for name in field.states}


def _hamiltonian(field: LearnedSystem) -> dict[str, str]:
    """dq/dt = dH/dp and dp/dt = -dH/dq - friction * dH/dp, by the chain rule where q is seen as sine and cosine."""
    call, rates = _call(field), {}
    for number, (q, p) in enumerate(field.pairs):
        rates[q] = _slope(field, p, call)
        loss = f" - {_friction_name(field, number)}*{rates[q]}" if _has_friction(field, number) else ""
        rates[p] = f"-{_slope(field, q, call)}{loss}"
    return rates


def _has_friction(field: LearnedSystem, pair: int) -> bool:
    return bool(field.friction) and field.friction[pair] != 0


def _friction_name(field: LearnedSystem, pair: int) -> str:
    """A parameter, so that it gets a slider."""
    name = "friction" if len(field.pairs) == 1 else f"friction_{pair + 1}"
    while name in field.states:
        name += "_"
    return name


def _slope(field: LearnedSystem, name: str, call: str) -> str:
    return f"(cos({name})*{call} - sin({name})*{call})" if name in field.angles else call


# The networks of the terms, in the order in which they stand in the text


def _terms(field: LearnedSystem) -> tuple[LearnedTerm, ...]:
    if _has_energy(field):
        return tuple(_slope_term(field, place) for place in _places_of_slopes(field))
    return output_terms(field)


def _slope_term(field: LearnedSystem, by: int) -> LearnedTerm:
    scale = field.scale_out[0]
    return LearnedTerm(field.layers, field.activation, field.weights, field.mean, field.scale_in, scale, by)


def _places_of_slopes(field: LearnedSystem) -> list[int]:
    """By which input the energy is differentiated, for each term of the text."""
    inputs: dict[str, list[int]] = {}
    count = 0
    for name in field.states:
        size = 2 if name in field.angles else 1
        inputs[name] = list(range(count, count + size))
        count += size
    places: dict[str, list[int]] = {}
    for number, (q, p) in enumerate(field.pairs):
        places[q] = inputs[p]
        places[p] = inputs[q] + (inputs[p] if _has_friction(field, number) else [])
    return [place for name in field.states for place in places[name]]
