"""Chance that comes out the same for the same words."""

import random

Dice = random.Random


def dice(*seed: object) -> Dice:
    """Seeded by whatever names what it is for."""
    return random.Random("-".join(map(str, seed)))  # noqa: S311  -- seeded chaos is no cryptography
