from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
import ziamath
from hypothesis import HealthCheck, assume, given, settings

from odeplayground import expr
from odeplayground.expr.public import parse
from odeplayground.spec import Equation
from tests.unit.expr.strategies import system_texts


@pytest.fixture(autouse=True)
def _plain_svg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ziamath.config, "svg2", False)


def first(text: str) -> Equation:
    return expr.equations(parse(text))[0]


def latex(right: str) -> str:
    return first(f"x' = {right}\ny' = 0\na = 1\nb = 2").latex.removeprefix(r"\dot{x} = ")


def svg(mathml: str) -> str:
    coloured = re.sub(r"@[a-z]+(\d*)", "#123456", mathml)
    return str(ziamath.Math(f"<math>{coloured}</math>").svg())


def test_the_pendulum() -> None:
    angle, speed, energy = expr.equations(
        parse("theta' = omega\nomega' = -b*omega - g/L*sin(theta)\nE = omega^2/2\nb = 1; g = 9.81; L = 1")
    )
    assert (angle.name, speed.name, energy.name) == ("theta", "omega", "E")
    assert angle.latex == r"\dot{\theta} = \omega"
    assert speed.latex == r"\dot{\omega} = -b\,\omega - \frac{g}{L}\,\sin\left(\theta\right)"
    assert energy.latex == r"E = \frac{\omega^{2}}{2}"
    assert '<mi mathcolor="@state0">θ</mi>' in angle.mathml
    assert '<mi mathcolor="@param">g</mi>' in speed.mathml
    assert energy.mathml.startswith('<mi mathcolor="@def">E</mi>')


@pytest.mark.parametrize(
    ("right", "shown"),
    [
        ("sqrt(x)", r"\sqrt{x}"),
        ("abs(x)/floor(y)", r"\frac{\left|x\right|}{\left\lfloor y\right\rfloor }"),
        ("exp(-x^2/2)", r"e^{-\frac{x^{2}}{2}}"),
        ("sin(x)^2", r"\sin^{2}\left(x\right)"),
        ("sin(x)^-1", r"\left(\sin\left(x\right)\right)^{-1}"),
        ("log(x) + log10(y)", r"\ln\left(x\right) + \log_{10}\left(y\right)"),
        ("atan2(y, x)", r"\operatorname{atan2}\left(y, x\right)"),
        ("2*3*x", r"2 \cdot 3\,x"),
        ("2*(1/2)*x", r"2 \cdot \frac{1}{2}\,x"),
        ("x*2", r"x \cdot 2"),
        ("1e-7*x", r"10^{-7}\,x"),
        ("2.5e20*x", r"2.5 \cdot 10^{20}\,x"),
        ("(x + y)*a", r"\left(x + y\right)\,a"),
        ("x - (y + a)", r"x - \left(y + a\right)"),
        ("x + (y + a)", r"x + y + a"),
        ("x - -y*a", r"x - \left(-y\,a\right)"),
        ("-(x*y)", r"-x\,y"),
        ("-(x + y)/a", r"-\frac{x + y}{a}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("(-x)^2", r"\left(-x\right)^{2}"),
        ("x^y^2", r"x^{y^{2}}"),
        ("(x^y)^2", r"\left(x^{y}\right)^{2}"),
        ("pi*e^t", r"\pi\,e^{t}"),
        (
            "if(x < 1, 1, if(x <= 2 and y != 3, 2, 3))",
            r"\begin{cases} 1 & \text{if } x < 1 \\ 2 & \text{if } x \le 2 \text{ and } y \ne 3 \\ "
            r"3 & \text{otherwise} \end{cases}",
        ),
    ],
)
def test_latex(right: str, shown: str) -> None:
    assert latex(right) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("k1", "k_{1}"),
        ("k_1", "k_{1}"),
        ("theta_0", r"\theta_{0}"),
        ("omega12", r"\omega_{12}"),
        ("x_max", r"x_{\mathrm{max}}"),
        ("k_a_b", "k_{a,b}"),
        ("rate", r"\mathrm{rate}"),
        ("x_", r"\mathrm{x\_}"),
        ("_x", r"\mathrm{\_x}"),
        ("Alpha", r"\mathrm{A}"),
        ("Gamma", r"\Gamma"),
    ],
)
def test_names(name: str, shown: str) -> None:
    equation = first(f"x' = {name}\n{name} = 1")
    assert equation.latex == rf"\dot{{x}} = {shown}"
    assert "<path" in svg(equation.mathml)


def test_a_state_with_a_subscript_has_its_dot_on_the_letter() -> None:
    assert first("x_1' = 1").latex == r"\dot{x}_{1} = 1"


EVERYTHING = """
x' = -x*y + (x + 1)^2/(y - 2) - sqrt(abs(x)) + exp(-x)^2 + 2.5e-7^x + 3*2 + x^1e-20
y' = sin(x) + cos(x) + tan(x) + asin(x) + acos(x) + atan(x) + atan2(x, y) + sinh(x) + cosh(x) + tanh(x)^2
k_1' = log(x) + log10(x)^2 + sign(x) + min(x, y, k_1) + max(x, y) + floor(x/2)^2 + mod(x, 2) + heaviside(t)
z' = if(x < 1 and not y > 2 or k_1 == 3, e^x/pi, if(z <= 2, 1, if(z >= 1, 2, if(x != 1, 3, 4))))*rate_max
rate_max = 2
"""


@pytest.mark.parametrize("position", range(4))
def test_ziamath_draws_everything(position: int) -> None:
    equation = expr.equations(parse(EVERYTHING))[position]
    ET.fromstring(f"<math>{equation.mathml}</math>")
    assert svg(equation.mathml).count("<path") > 20


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(system_texts())
def test_mathml_is_well_formed(text: str) -> None:
    system = expr.parse(text).system
    assume(system is not None)
    assert system is not None
    for equation in expr.equations(system):
        tree = ET.fromstring(f"<math>{equation.mathml}</math>")
        for parent in tree.iter():
            if parent.tag in ("mfrac", "msup", "msub", "mover"):
                assert len(parent) == 2
            if parent.tag in ("mi", "mn", "mo", "mtext", "mfrac", "msqrt"):
                assert parent.get("mathcolor", "").startswith("@")
        assert equation.latex.count("{") == equation.latex.count("}")


@pytest.mark.parametrize(
    "right",
    [
        "1/(1 + " * 15 + "x" + ")" * 15,
        "x^" * 80 + "x",
        "sqrt(" * 80 + "x" + ")" * 80,
        "if(x < 1, 1 + " * 20 + "x" + ", 2)" * 20,
        " + ".join(["x"] * 2000),
    ],
)
def test_formulas_that_are_too_large_are_shown_as_text(right: str) -> None:
    equation = first(f"x' = {right}")
    assert "<mtext" in equation.mathml
    assert len(equation.mathml) < 600
    assert equation.latex.count("x") >= right.count("x")
    assert "<path" in svg(equation.mathml)


@pytest.mark.parametrize("right", ["sin(" * 80 + "x" + ")" * 80, "(" * 30 + "x" + "+1)*2" * 30, "x^" * 19 + "x"])
def test_deep_formulas_that_are_cheap_are_drawn(right: str) -> None:
    equation = first(f"x' = {right}")
    assert "<mtext" not in equation.mathml
    assert "<path" in svg(equation.mathml)
