"""Fits the model of `concern_model` from data/concern_examples: `python -m analysis.concern_training` (some ten seconds).

To be run whenever the examples change; a test holds the fitted file to them.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import numpy as np

from analysis.concern_model import CLASSES, FITTED, examples, features, fingerprint

STRENGTH = 10.0  # of the fit (C), by cross-validation
LEAST_SEEN = 2  # titles that a feature must stand in
SMOOTHED = 0.3  # of the naive Bayes
FOLDS = 3
# Of the headlines about its own places that an office hears, some three or four in ten concern it; among the examples it is
# half, so what says little either way would pass for a concern.
USUAL_SHARE = 0.32


def fit(known: list[tuple[str, str]]) -> dict[str, Any]:
    """The model's parts as they are stored: weights in a byte each, calibrated on examples held out."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    counts = [Counter(features(title)) for _, title in known]
    seen = Counter(feature for counted in counts for feature in counted)
    names = sorted(feature for feature, count in seen.items() if count >= LEAST_SEEN)
    numbers = {name: i for i, name in enumerate(names)}
    rarity = np.array([np.log((1 + len(counts)) / (1 + seen[name])) + 1 for name in names], dtype=np.float32)
    rows, columns, values = [], [], []
    for row, counted in enumerate(counts):
        pairs = [(numbers[f], (1 + np.log(c)) * rarity[numbers[f]]) for f, c in counted.items() if f in numbers]
        length = max(1e-9, float(np.sqrt(sum(v * v for _, v in pairs))))
        for column, value in pairs:
            rows.append(row)
            columns.append(column)
            values.append(value / length)
    data = csr_matrix((values, (rows, columns)), shape=(len(counts), len(names)))
    classes = np.array([CLASSES.index(code) for code, _ in known])
    some = classes < len(CLASSES) - 1
    held_out = np.zeros(len(some))
    for learned, tried in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(data, some):
        held_out[tried] = data[tried] @ _weights(data[learned], some[learned])
    calibrated = LogisticRegression(C=1e6).fit(held_out[:, None], some)
    of_kind = [_learner().fit(data[some], classes[some] == code) for code in range(len(CLASSES) - 1)]
    weights = np.vstack([*(one.coef_[0] for one in of_kind), _weights(data, some) * calibrated.coef_[0, 0]])
    bias = np.array([*(one.intercept_[0] for one in of_kind), calibrated.intercept_[0]], dtype=np.float32)
    bias[-1] += _odds(USUAL_SHARE) - _odds(float(some.mean()))
    scale = np.abs(weights).max(axis=1) / 127
    right = float((calibrated.predict(held_out[:, None]) == some).mean())
    print(f"{len(known)} examples, {len(names)} features, {right:.3f} right held out")
    return {
        "features": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        "weights": np.round(weights / scale[:, None]).astype(np.int8),
        "scale": scale.astype(np.float32),
        "rarity": rarity.astype(np.float16),
        "bias": bias,
        "examples": fingerprint(known),
    }


def _weights(data: Any, some: Any) -> Any:
    """What each feature says for being any concern: of a logistic regression and of naive Bayes, each in its own scale.

    The first learns what tells apart, the second what each feature says by itself; on headlines of another year their
    sum was right more often than either.
    """
    from sklearn.naive_bayes import MultinomialNB

    apart = _learner().fit(data, some).coef_[0]
    alone = MultinomialNB(alpha=SMOOTHED).fit(data, some)
    said = alone.feature_log_prob_[1] - alone.feature_log_prob_[0]
    return apart / np.std(data @ apart) + said / np.std(data @ said)


def _learner() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, solver="liblinear")


def _odds(share: float) -> float:
    return float(np.log(share / (1 - share)))


def main() -> int:
    """Fit and keep."""
    np.savez_compressed(FITTED, **fit(examples()))
    print(f"{FITTED.name}: {FITTED.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
