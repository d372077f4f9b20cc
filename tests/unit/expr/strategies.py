"""Hypothesis strategies: expression trees, their texts with more brackets than needed, and whole systems."""

from __future__ import annotations

from hypothesis import strategies as st

from odeplayground.expr import Op
from odeplayground.expr.functions import FUNCTIONS
from odeplayground.expr.syntax import SYMBOLS
from tests.unit.expr.evaluate import Tree

STATES = ["x", "theta", "v_1", "prey"]
PARAMETERS = ["a", "k1", "omega_0", "rate"]
DEFINITIONS = ["flow", "q", "Gamma"]

_COMPARISONS = [Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE]
_ARITHMETIC = [Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.POW]
_TWO = ["atan2", "min", "max", "mod"]
_ONE = [name for name, function in FUNCTIONS.items() if function.least == 1]

numbers = st.one_of(
    st.integers(0, 20).map(float),
    st.floats(0.001, 1000.0, allow_nan=False).map(lambda value: round(value, 3)),
    st.floats(1e-12, 1e12),
)


def trees(names: list[str]) -> st.SearchStrategy[Tree]:
    """Trees that are numbers."""
    leaves = st.one_of(st.sampled_from([*names, "t"]), numbers, st.sampled_from(names))
    return st.recursive(leaves, _larger, max_leaves=10)


def _larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    comparison = st.tuples(st.sampled_from(_COMPARISONS), inner, inner)
    condition = st.one_of(
        comparison,
        st.tuples(st.sampled_from([Op.AND, Op.OR]), comparison, comparison),
        st.tuples(st.just(Op.NOT), comparison),
    )
    return st.one_of(
        st.tuples(st.sampled_from(_ARITHMETIC), inner, inner),
        st.tuples(st.just(Op.NEG), inner),
        st.tuples(st.sampled_from([FUNCTIONS[name].op for name in _ONE]), inner),
        st.tuples(st.sampled_from([FUNCTIONS[name].op for name in _TWO]), inner, inner),
        st.tuples(st.just(Op.IF), condition, inner, inner),
    )


def spell(tree: Tree) -> str:
    """The text of a tree with brackets around everything."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, float):
        return repr(tree)
    op, *args = tree
    texts = [spell(arg) for arg in args]
    if op is Op.NEG:
        return f"(-{texts[0]})"
    if op is Op.NOT:
        return f"(not {texts[0]})"
    if op in SYMBOLS:
        return f"({texts[0]} {SYMBOLS[op]} {texts[1]})"
    name = next(name for name, function in FUNCTIONS.items() if function.op is op)
    return f"{name}({','.join(texts)})"


@st.composite
def system_texts(draw: st.DrawFn) -> str:
    """Texts of systems, with statements in any order."""
    states = draw(st.lists(st.sampled_from(STATES), min_size=1, unique=True))
    parameters = draw(st.lists(st.sampled_from(PARAMETERS), unique=True))
    definitions = draw(st.lists(st.sampled_from(DEFINITIONS), unique=True))
    signed = st.tuples(st.sampled_from(["", "-"]), numbers).map(lambda pair: f"{pair[0]}{pair[1]!r}")
    lines = []
    names = [*states, *parameters]
    for name in definitions:
        lines.append(f"{name} = {spell(draw(trees(names)))} + 0*{states[0]}")
        names.append(name)
    lines += [f"{draw(_left(state))} = {spell(draw(trees(names)))}" for state in states]
    for name in parameters:
        limits = draw(st.lists(st.integers(-9, 9), min_size=2, max_size=2, unique=True).map(sorted))
        lines.append(f"{name} = {draw(signed)}" + draw(st.sampled_from(["", f" in [{limits[0]}, {limits[1]}]"])))
    lines += [f"{state}(0) = {draw(signed)}" for state in draw(st.lists(st.sampled_from(states), unique=True))]
    lines += draw(st.sampled_from([[], ["t in [0, 20]"], ["t in [-1.5, 30]"]]))
    return draw(st.sampled_from(["\n", "; ", " # said so\n", "\n\n"])).join(draw(st.permutations(lines)))


def _left(state: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"{state}'", f"d{state}/dt", f"{state.replace('theta', 'θ')} ′"])
