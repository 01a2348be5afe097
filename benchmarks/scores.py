"""How well groups that were found agree with labelled ones: B-cubed and AMI."""

from __future__ import annotations

import math
from collections import Counter


def bcubed(found: list[int], truth: list[object]) -> tuple[float, float, float]:
    """B³ precision, recall and F1 (Bagga and Baldwin 1998)."""
    pairs, by_found, by_truth = Counter(zip(found, truth)), Counter(found), Counter(truth)
    n = len(found)
    precision = sum(pairs[f, t] / by_found[f] for f, t in zip(found, truth)) / n
    recall = sum(pairs[f, t] / by_truth[t] for f, t in zip(found, truth)) / n
    return precision, recall, 2 * precision * recall / (precision + recall)


def adjusted_mutual_information(found: list[int], truth: list[object]) -> float:
    """AMI with the arithmetic mean (Vinh, Epps and Bailey 2010)."""
    n, pairs, a, b = len(found), Counter(zip(found, truth)), Counter(found), Counter(truth)
    log = math.lgamma
    mutual = sum(c / n * math.log(n * c / (a[f] * b[t])) for (f, t), c in pairs.items())
    entropy = [-sum(c / n * math.log(c / n) for c in side.values()) for side in (a, b)]
    expected = 0.0
    for x, many_x in Counter(a.values()).items():
        for y, many_y in Counter(b.values()).items():
            for c in range(max(1, x + y - n), min(x, y) + 1):
                log_p = (
                    log(x + 1)
                    + log(y + 1)
                    + log(n - x + 1)
                    + log(n - y + 1)
                    - log(n + 1)
                    - log(c + 1)
                    - log(x - c + 1)
                    - log(y - c + 1)
                    - log(n - x - y + c + 1)
                )
                expected += many_x * many_y * c / n * math.log(n * c / (x * y)) * math.exp(log_p)
    return (mutual - expected) / (sum(entropy) / 2 - expected)
