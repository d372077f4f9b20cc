from __future__ import annotations

import msgspec
import numpy as np
import pytest
from scipy.linalg import expm

from odeplayground import dynamics, expr
from odeplayground.session import edits
from odeplayground.session.document import Document
from odeplayground.session.learned_terms import learned, note, with_terms
from odeplayground.spec import Activation, Array, Experiment, LearnedTerm, System
from tests.unit.session.networks import linear_network
from tests.unit.session.systems import experiment

TEXT = "theta' = omega\nomega' = [?](theta) - b*omega + f\nf = [?](theta, omega)\nb = 0.2\n"


def term(inputs: int, value: float) -> LearnedTerm:
    weights = Array.of(np.full(inputs + 1, value))
    return LearnedTerm((inputs, 1), Activation.TANH, weights, (0.0,) * inputs, (1.0,) * inputs, 1.0)


ONE, TWO = term(1, 0.1), term(2, 0.2)


def read(text: str, *terms: LearnedTerm | None) -> System:
    system = expr.parse(text).system
    assert system is not None
    return msgspec.structs.replace(system, terms=terms)


def start() -> Experiment:
    return msgspec.structs.replace(experiment(), text=TEXT, system=read(TEXT, ONE, TWO))


@pytest.mark.parametrize(
    ("old", "new", "terms"),
    [
        ("b = 0.2", "b = 0.4", (ONE, TWO)),
        ("- b*omega", "- b*omega^3 + sin(theta)", (ONE, TWO)),
        ("[?](theta) ", "[?](2*theta) ", (ONE, TWO)),
        ("[?](theta) ", "[?](theta, b) ", (None, TWO)),
        ("[?](theta) ", "", (TWO,)),
        ("f = [?](theta, omega)", "f = 0", (ONE,)),
        ("[?](theta) ", "[?](theta, omega)*[?](theta) ", (None, ONE, TWO)),
        ("omega' = [?](theta)", "omega' = [?](b) + [?](theta)", (None, ONE, TWO)),
        ("[?](theta) - b*omega + f\nf = [?](theta, omega)", "[?](theta, omega) + f\nf = [?](theta)", (TWO, ONE)),
    ],
)
def test_terms_stay_when_the_text_is_edited(old: str, new: str, terms: tuple[LearnedTerm | None, ...]) -> None:
    assert old in TEXT
    edited = edits.set_text(start(), TEXT.replace(old, new))
    assert edited.system.terms == terms


def test_a_comment_changes_nothing() -> None:
    before = start()
    assert edits.set_text(before, TEXT + "# said").system is before.system


def test_undo_brings_weights_back() -> None:
    document = Document(start())
    document.apply(edits.set_text(document.experiment, "theta' = omega\nomega' = -theta\n"), "edit")
    assert document.experiment.system.terms == ()
    document.undo()
    assert document.experiment.system.terms == (ONE, TWO)


def test_a_system_without_terms_gets_none() -> None:
    system = read(TEXT)
    assert with_terms(system, read("x' = x")) is system


def test_the_note_counts_what_is_zero() -> None:
    assert note(read(TEXT, ONE, TWO)) == ""
    assert note(read(TEXT, None, TWO)) == "One term [?] is not learned yet and counts as zero."
    assert note(read(TEXT)) == "2 terms [?] are not learned yet and count as zero."


def test_what_a_training_learned_goes_where_the_same_arguments_are() -> None:
    field = read(TEXT, ONE, TWO)
    assert learned(msgspec.structs.replace(start(), system=read(TEXT)), field).system == field
    swapped = TEXT.replace("omega' = [?](theta)", "omega' = [?](b) + [?](theta)")
    assert learned(msgspec.structs.replace(start(), system=read(swapped)), field).system.terms == (None, ONE, TWO)
    bare = msgspec.structs.replace(start(), system=read("theta' = omega\nomega' = -theta"))
    assert learned(bare, field).system == bare.system


def test_one_network_becomes_the_terms_of_equations_that_know_nothing_else() -> None:
    unknown = experiment("x' = [?](x, v)\nv' = [?](x, v)\nx(0) = 1\n")
    matrix = np.array([[-0.2, 1.0], [-1.0, -0.3]])
    system = learned(unknown, linear_network(("x", "v"), matrix)).system
    solution = dynamics.simulate(system, (0.0, 2.0), np.array([1.0, 0.5]), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(solution.y[:, -1], expm(2.0 * matrix) @ [1.0, 0.5], rtol=1e-7)
    known = experiment("x' = v\nv' = [?](x, v)\nx(0) = 1\n")
    assert learned(known, linear_network(("x", "v"), matrix)) == known
