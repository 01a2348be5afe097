"""Fitting an office's own weights (判断习惯) to its decisions: logistic regression with the present score as an offset.

Each reason and each area with enough decisions has one weight; a normal prior holds it near 0, so that few decisions
say little. It explains itself by counting: what was taken up, what dismissed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.learning import LEAST_DECISIONS, LEAST_OF_EACH, MOST, NO_WEIGHTS, Decision, OfficeWeights, Trait, Weight

PRIOR = 1.0  # precision of each weight beforehand
LEAST = 5  # decisions that a reason or an area must have
SAYS = 0.15  # a weight below this says nothing
STEPS = 30  # of Newton's method, which settles in fewer than ten
SURE = 3.0  # log odds beyond which the present score is not believed


def fit(decisions: Sequence[Decision]) -> OfficeWeights:
    """The weights that decisions speak for; none where there are too few."""
    taken = sum(one.taken for one in decisions)
    if len(decisions) < LEAST_DECISIONS or min(taken, len(decisions) - taken) < LEAST_OF_EACH:
        return NO_WEIGHTS
    traits = [
        (trait, name)
        for trait in Trait
        for name in sorted({one.name(trait) for one in decisions if one.name(trait)})
        if sum(one.name(trait) == name for one in decisions) >= LEAST
    ]
    if not traits:
        return NO_WEIGHTS
    has = np.array([[one.name(trait) == name for trait, name in traits] for one in decisions], dtype=np.float64)
    offset = np.clip([one.score for one in decisions], -SURE, SURE)
    wanted = np.array([one.taken for one in decisions], dtype=np.float64)
    weights = np.zeros(len(traits))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(offset + has @ weights)))
        slope = has.T @ (wanted - chance) - PRIOR * weights
        curve = (has.T * (chance * (1 - chance))) @ has + PRIOR * np.eye(len(traits))
        weights = weights + np.linalg.solve(curve, slope)
    fitted = []
    for (trait, name), weight in zip(traits, weights.tolist()):
        if abs(weight) >= SAYS:
            counted = [one.taken for one in decisions if one.name(trait) == name]
            kept = round(max(-MOST, min(MOST, weight)), 2)
            fitted.append(Weight(trait, name, kept, sum(counted), len(counted) - sum(counted)))
    return OfficeWeights(tuple(sorted(fitted, key=lambda one: -abs(one.weight))))
