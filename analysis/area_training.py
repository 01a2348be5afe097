"""Fits the classifier of `areas` from data/area_examples.txt: `python -m analysis.area_training` (some seconds).

To be run whenever the examples or the listed words change; a test holds the fitted file to them.
"""

from __future__ import annotations

import sys

import numpy as np

from analysis.areas import FITTED, examples, fingerprint


def main() -> int:
    """Fit TF-IDF of words and a logistic regression, and keep them."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    known = examples()
    vectors = TfidfVectorizer(analyzer=list, sublinear_tf=True)
    model = LogisticRegression(C=20, max_iter=400)
    model.fit(vectors.fit_transform([words for _, words in known]), [area for area, _ in known])
    np.savez_compressed(
        FITTED,
        areas=np.array(model.classes_, dtype=np.str_),
        rarity=vectors.idf_.astype(np.float32),
        weights=model.coef_.astype(np.float32),
        bias=model.intercept_.astype(np.float32),
        examples=fingerprint(),
    )
    print(f"{FITTED.name}: {FITTED.stat().st_size // 1024} KB, {len(known)} examples")
    return 0


if __name__ == "__main__":
    sys.exit(main())
