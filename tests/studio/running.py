"""Commands run in this process, and invented paragraphs for them."""

import contextlib
import io
import json
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from workbench.cli import run

#: Words of the codebook's phrases, so that some paragraphs get a pre-label.
_SPICE = ("tortured in custody", "peaceful assembly", "freedom of expression", "trade union", "")
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict:
        return json.loads(self.out)


def invent(number: int, seed: int) -> list[str]:
    """Paragraphs of an invented language, all different; some hold a phrase of the codebook."""
    rng = random.Random(f"paragraphs/{seed}")
    texts = []
    for place in range(number):
        words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(40)]
        words.insert(rng.randrange(40), rng.choice(_SPICE))
        texts.append(f"Number {seed}-{place}: {' '.join(filter(None, words))}.")
    return texts


def run_quietly(args: Sequence[str]) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(args)
    return Outcome(code, out.getvalue(), err.getvalue())


@contextmanager
def variables(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
