"""How much a find in a text counts, by the length of the text."""

import numpy as np

#: The words of a usual paragraph, and the fewest by which density is reckoned.
TYPICAL, SHORT = 60, 15


def density_factors(sizes: np.ndarray) -> np.ndarray:
    """TYPICAL / the number of words of each text, which counts SHORT words at least.

    One find in a long paragraph may be a mention in passing; in a sentence of
    twenty words it is what the sentence is about. UN recommendations are that
    short, and NGO briefings that long, where State paragraphs are in between.
    """
    return TYPICAL / np.maximum(sizes, SHORT)
