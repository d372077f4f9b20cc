"""Names: which letters they may have, how Greek letters are spelled, and which are taken."""

from __future__ import annotations

GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "omicron": "ο",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Alpha": "Α",
    "Beta": "Β",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Epsilon": "Ε",
    "Zeta": "Ζ",
    "Eta": "Η",
    "Theta": "Θ",
    "Iota": "Ι",
    "Kappa": "Κ",
    "Lambda": "Λ",
    "Mu": "Μ",
    "Nu": "Ν",
    "Xi": "Ξ",
    "Omicron": "Ο",
    "Pi": "Π",
    "Rho": "Ρ",
    "Sigma": "Σ",
    "Tau": "Τ",
    "Upsilon": "Υ",
    "Phi": "Φ",
    "Chi": "Χ",
    "Psi": "Ψ",
    "Omega": "Ω",
}
"""The letter for each name."""

_VARIANTS = {
    "ϵ": "epsilon",
    "ϑ": "theta",
    "ϰ": "kappa",
    "µ": "mu",  # the micro sign
    "ϖ": "pi",
    "ϱ": "rho",
    "ς": "sigma",
    "ϕ": "phi",
    "Ω": "Omega",  # the ohm sign
}

_SPELLING = str.maketrans({letter: name for name, letter in GREEK.items()} | _VARIANTS)

GREEK_LETTERS = "".join(GREEK.values()) + "".join(_VARIANTS)
"""Every Greek letter that may stand in a name."""

TIME = "t"

CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045}

KEYWORDS = frozenset({"if", "and", "or", "not", "in"})


def canonical(name: str) -> str:
    """Spell Greek letters out: ``θ_1`` becomes ``theta_1``."""
    return name if name.isascii() else name.translate(_SPELLING)
