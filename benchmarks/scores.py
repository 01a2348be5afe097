"""Figures of a benchmark: how well groups agree with labelled ones (B-cubed, AMI), and percentiles of times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np


def bcubed(found: list[int], truth: list[object]) -> tuple[float, float, float]:
    """B³ precision, recall and F1 (Bagga and Baldwin 1998)."""
    pairs, by_found, by_truth = Counter(zip(found, truth)), Counter(found), Counter(truth)
    n = len(found)
    precision = sum(pairs[f, t] / by_found[f] for f, t in zip(found, truth)) / n
    recall = sum(pairs[f, t] / by_truth[t] for f, t in zip(found, truth)) / n
    return precision, recall, 2 * precision * recall / (precision + recall)


def adjusted_mutual_information(found: list[int], truth: list[object]) -> float:
    """AMI with the arithmetic mean (Vinh, Epps and Bailey 2010), by scikit-learn."""
    from sklearn.metrics import adjusted_mutual_info_score

    numbers = {label: i for i, label in enumerate(dict.fromkeys(truth))}
    return float(adjusted_mutual_info_score([numbers[label] for label in truth], found))


def percentile(values: Sequence[float], percent: float) -> float:
    """The percentile between the values that lie next to it (Hyndman and Fan 1996, type 7), by NumPy."""
    return float(np.percentile(values, percent, method="linear"))
