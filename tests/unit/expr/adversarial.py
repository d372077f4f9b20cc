"""Texts that try to make the parser slow, deep or large. The tests read them, and the benchmarks time them."""

from __future__ import annotations

import itertools
import random

LENGTH = 20_000


def texts() -> dict[str, str]:
    """Name to text; every text has at most 20,000 characters."""
    return {name: text[:LENGTH] for name, text in (_brackets() | _long() | _many() | _wide() | _noise()).items()}


def _brackets() -> dict[str, str]:
    return {
        "opening brackets": "(" * LENGTH,
        "opening brackets in an equation": "x' = " + "(" * LENGTH,
        "closing brackets": "x' = x" + ")" * LENGTH,
        "balanced brackets": "x' = " + "(" * 9990 + "x" + ")" * 9990,
        "nested functions": "x' = " + "sin(" * 4900 + "x",
        "nested if": "x' = " + "if(x>1,x," * 2200 + "x",
        "square brackets": "x = 1 in " + "[" * LENGTH,
        "power tower": "x' = x" + "^x" * 9990,
        "minus signs": "x' = " + "-" * 10_000 + "x",
        "plus signs": "x' = " + "+" * 10_000 + "x",
        "not not not": "x' = if(" + "not " * 4900 + "x > 1, 1, 2)",
        "brackets to the left": "x' = " + "(" * 95 + "x" + "+1)*2" * 95,
        "many small brackets": "x' = " + "+".join(["((x))"] * 3300),
    }


def _long() -> dict[str, str]:
    return {
        "long sum": "x' = " + "+".join(["x"] * 2500),
        "too long a sum": "x' = " + "+".join(["x"] * 9990),
        "sum of signs": "x' = " + "+-".join(["x"] * 1600),
        "long product": "x' = " + "*".join(["x"] * 2500),
        "long polynomial": "x' = " + "+".join(f"x^{n}" for n in range(1, 900)),
        "many arguments": "x' = min(" + ",".join(["x"] * 4900) + ")",
        "many comparisons": "x' = if(" + " and ".join(["x<1"] * 1000) + ",1,2)",
        "long number": "x' = " + "9" * 19_000,
        "long fraction": "x' = 0." + "3" * 19_000,
        "long exponent": "x' = 1e" + "9" * 19_000,
        "points": "." * LENGTH,
        "huge power": "x' = x*9^9^9^9^9^9",
        "constant powers": "x' = x*" + "*".join(["999^99"] * 1200),
        "long name": "a" * LENGTH,
        "long state": "a" * 9000 + "' = -" + "a" * 9000,
        "primes": "x" + "'" * 19_000 + " = 1",
        "spaces": " " * LENGTH,
        "comment": "#" * LENGTH,
        "operators": "x' = " + "*/^" * 6600,
        "Greek letters": "x' = " + "θ" * 19_000,
        "letters of another script": "变" * LENGTH,
        "alternating scripts": "变1" * (LENGTH // 2),
    }


def _many() -> dict[str, str]:
    names = ["".join(letters) for letters in itertools.islice(itertools.permutations("abcdefgh"), 2000)]
    return {
        "empty lines": "\n" * LENGTH,
        "carriage returns": "\r" * LENGTH,
        "semicolons": ";" * LENGTH,
        "thousands of errors": "a+\n" * 5000,
        "thousands of lonely names": "\n".join(names),
        "thousands of half equations": "x'=\n" * 5000,
        "thousands of undefined names": "\n".join(f"{name}=q{name}" for name in names),
        "similar names": "\n".join(
            [f"{name}=1" for name in names[:390]] + [f"y{i}'={names[400 + i]}" for i in range(500)]
        ),
        "thousands of parameters": "\n".join(f"a{i}={i}" for i in range(2000)),
        "thousands of definitions": "\n".join(f"a{i}=x+{i}" for i in range(1600)),
        "thousands of states": ";".join(f"a{i}'=1" for i in range(2000)),
        "thousands of repeats": "a=1\n" * 5000,
        "thousands of initial values": "\n".join(f"x{i}(0)=1" for i in range(1900)),
        "thousands of ranges": "a=1 in [0,1]\n" * 1500,
        "as many parameters as allowed": "x'=x\n" + "\n".join(f"a{i}={i}" for i in range(399)),
    }


def _wide() -> dict[str, str]:
    return {
        "doubling chain": "x'=a390\na0=x\n" + "\n".join(f"a{i}=a{i - 1}*a{i - 1}" for i in range(1, 391)),
        "doubling chain from the end": "\n".join(f"a{i}=a{i - 1}*a{i - 1}" for i in range(390, 0, -1))
        + "\na0=x\nx'=a390",
        "long circle": "x'=a0\n" + "\n".join(f"a{i}=a{(i + 1) % 390}" for i in range(390)),
        "all on all": _all_on_all(35),
        "product of all states": _shared_product(150),
        "dense in many states": _dense(120),
        "nested quotients": "x'=x" + "".join(f"\na{i}=1/(1+{'x' if i == 0 else f'a{i - 1}'}^x)" for i in range(380)),
        "a large good text": "\n".join(f"x{i}' = -x{i} + sin(x{(i + 1) % 200})*a{i % 9}" for i in range(200))
        + "".join(f"\na{i} = {i}" for i in range(9)),
    }


def _all_on_all(n: int) -> str:
    """Kuramoto oscillators, written out."""
    return "\n".join(f"x{i}'=" + "+".join(f"sin(x{j}-x{i})" for j in range(n)) for i in range(n))


def _shared_product(n: int) -> str:
    lines = [f"x{i}'={i}*s" for i in range(n)]
    return "\n".join([*lines, "s=" + "*".join(f"x{i}" for i in range(n))])


def _dense(n: int) -> str:
    """A long expression whose every term depends on all states."""
    lines = [f"x{i}'={i}*s" for i in range(n)]
    total = "+".join(f"x{i}" for i in range(n))
    return "\n".join([*lines, f"m={total}", "s=" + "+".join(f"sin({i}*m)*m" for i in range(600))])


def _noise() -> dict[str, str]:
    random_numbers = random.Random(7)
    pieces = [*"xy'=()+-*/^ \ne<,θ", "sin(", "if(", "1.5"]
    jumble = "".join(random_numbers.choices(pieces, k=LENGTH))
    bytes_like = "".join(chr(random_numbers.randrange(1, 0x3000)) for _ in range(LENGTH))
    return {
        "random pieces": jumble,
        "random pieces in equations": "x' = " + jumble.replace("\n", "\nx' = "),
        "random characters": bytes_like,
        "zero bytes": "\0" * LENGTH,
        "lonely surrogates": "\ud800" * LENGTH,
        "alternating unknown": "€1" * (LENGTH // 2),
    }
