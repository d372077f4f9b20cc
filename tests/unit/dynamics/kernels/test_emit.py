"""Tapes in native code: the numpy interpreter's values, and the same bits for every number of lanes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odeplayground import expr
from odeplayground.dynamics.kernels.compile import Level
from odeplayground.dynamics.kernels.evaluate import native_function
from odeplayground.dynamics.kernels.features import host_features
from odeplayground.dynamics.tape import FUNCTIONS, Program
from odeplayground.expr.graph import COMPARISONS, CONDITIONS, CONNECTIVES, Node, Op, Tape
from tests.unit.dynamics.kernels.natively import BINARY, SPECIAL, UNARY, bits, compiled, machine, tape_of
from tests.unit.dynamics.systems import typed

EVERYTHING = tape_of(*UNARY, *BINARY)
NUMBERS = [op for op in (*UNARY, *BINARY) if op not in CONDITIONS]


def arguments():
    rng = np.random.default_rng(1)
    x, y = (grid.ravel() for grid in np.meshgrid(SPECIAL, SPECIAL))
    random = rng.normal(size=(2, 501)) * 10 ** rng.uniform(-3, 9, size=(2, 501))
    return np.concatenate([np.stack([x, y]), random], axis=1)


def values(features, level=Level.OPTIMISED):
    return bits(compiled(EVERYTHING, features, level)(0.0, arguments(), np.empty(0)))


@pytest.mark.parametrize(("width", "fma"), [(1, True), (2, True), (4, False), (16, True)])
def test_the_number_of_lanes_changes_no_bit(width, fma):
    np.testing.assert_array_equal(values(machine(width, fma), Level.QUICK), values(machine(8, fma), Level.QUICK))


@pytest.mark.parametrize("fma", [True, False])
def test_optimising_changes_no_bit(fma):
    np.testing.assert_array_equal(values(machine(8, fma)), values(machine(8, fma), Level.QUICK))


@pytest.mark.parametrize("without", [["avx512f", "avx2"], ["avx", "avx2", "avx512f", "fma", "sse4.1"]])
def test_lesser_processors_get_the_same_bits(without):
    lesser = host_features(without)
    np.testing.assert_array_equal(values(lesser, Level.QUICK), values(machine(8, lesser.fma), Level.QUICK))


def test_what_depends_on_parameters_alone_and_time():
    system = typed("x' = sin(a*b) * x + exp(-a) * cos(t)\ny' = if(x > a, y, -b) + a\na = 0.3\nb = 1.7")
    model = expr.model(system)
    tape = model.tape(model.rhs)
    rng = np.random.default_rng(5)
    y, p, t = rng.normal(size=(2, 13)), rng.normal(size=(2, 13)), rng.uniform(0, 9, 13)
    reference = Program(tape)
    function = native_function(tape, 2, 2)
    for parameters in (p, np.array(system.values)):
        expected = reference.run(reference.prepare(parameters), t, y)
        np.testing.assert_allclose(function(t, y, parameters), expected, rtol=1e-13)


@st.composite
def tapes(draw):
    """Random programs of two states, time, a parameter and constants; all their nodes are outputs."""
    constants = st.floats(-4, 4).map(lambda x: round(x, 2)) | st.sampled_from([-1.0, 0.5, 2.0, 5.0])
    nodes = [Node(Op.STATE, index=0), Node(Op.STATE, index=1), Node(Op.TIME), Node(Op.PARAMETER, index=0)]
    nodes += [Node(Op.NUMBER, value=draw(constants)) for _ in range(2)]
    for op in draw(st.lists(st.sampled_from([*NUMBERS, *CONDITIONS, Op.IF]), min_size=5, max_size=15)):
        conditions = [i for i, node in enumerate(nodes) if node.op in CONDITIONS]
        numbers = [i for i, node in enumerate(nodes) if node.op not in CONDITIONS]
        if op in (*CONNECTIVES, Op.IF) and not conditions:
            op = Op.LT
        wanted = {Op.IF: [conditions, numbers, numbers], Op.NOT: [conditions]}.get(op)
        if wanted is None:
            kind = conditions if op in CONNECTIVES else numbers
            wanted = [kind] * (1 if op in UNARY else 2)
        nodes.append(Node(op, tuple(draw(st.sampled_from(choices)) for choices in wanted)))
    return Tape(tuple(nodes), tuple(range(len(nodes))))


@settings(max_examples=25, deadline=None)
@given(tapes())
def test_every_operation_of_a_random_program_is_that_of_numpy(tape):
    # Each operation is compared for the arguments that the native code gave it, so that errors do not grow.
    y, t, p = arguments()[:, ::37], 1.25, np.array([-0.7])
    results = native_function(tape, 2, 1, machine(), Level.QUICK)(t, y, p)
    for node, value in zip(tape.nodes, results, strict=True):
        if not node.args:
            continue
        given_values = [results[i] != 0 if tape.nodes[i].op in CONDITIONS else results[i] for i in node.args]
        with np.errstate(all="ignore"):
            expected = FUNCTIONS[node.op](*given_values)
            close = abs(value - expected) <= 8 * np.spacing(np.abs(expected, dtype=float)) + 1e-307
        assert (close | (value == expected) | (np.isnan(value) & np.isnan(expected))).all(), node.op


def test_folded_conditions_are_numbers():
    nodes = (Node(Op.STATE, index=0), Node(Op.NUMBER, value=1.0), Node(Op.IF, (1, 0, 1)), Node(Op.NOT, (1,)))
    result = native_function(Tape(nodes, (2, 3)), 1, 0)(0.0, np.array([[3.0, -2.0]]), np.empty(0))
    np.testing.assert_array_equal(result, [[3, -2], [0, 0]])


@pytest.mark.parametrize("exponent", [-4.0, -3.0, -2.0, -1.0, -0.5, 0.5, 1.5, 2.0, 3.0, 5.0, 6.0, 7.0, 8.0, 9.0, 0.3])
def test_constant_powers(exponent):
    nodes = (Node(Op.STATE, index=0), Node(Op.NUMBER, value=exponent), Node(Op.POW, (0, 1)))
    rng = np.random.default_rng(2)
    x = np.concatenate([SPECIAL[abs(SPECIAL) != 1e300], rng.normal(size=200), 10 ** rng.uniform(-30, 30, 200)])
    with np.errstate(all="ignore"):
        expected = np.power(x, np.full(x.size, exponent))
    result = native_function(Tape(nodes, (2,)), 1, 0)(0.0, x[None], np.empty(0))[0]
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(result[numbers]), np.signbit(expected[numbers]))
    np.testing.assert_allclose(result, expected, rtol=5 * 2.0**-52, atol=1e-307)


def test_comparisons_are_complete():
    assert set(FUNCTIONS) == {*UNARY, *BINARY, *CONNECTIVES, Op.IF}
    assert set(BINARY) >= COMPARISONS
