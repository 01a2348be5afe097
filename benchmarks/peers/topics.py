"""Other ways to group the same articles: scikit-learn's HDBSCAN and average link on TF-IDF, BERTopic on TF-IDF + SVD.

Usage: topics.py [FILE.jsonl] [--background FILE.jsonl] [--peer NAME …]
Needs the packages of benchmarks/peers/requirements.lock in an environment of its own; the pipeline itself is
measured beside them by benchmarks/topic_quality.py. Prints one JSON object per peer.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import jieba

from benchmarks.scores import bcubed
from benchmarks.tiny import arguments
from benchmarks.topic_quality import Told, few, read

THRESHOLD = 0.86  # cosine distance at which average link cuts; its best on the labelled events alone


def tfidf(texts: list[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, sublinear_tf=True, min_df=1).fit_transform(texts)


def reduced(texts: list[str]) -> Any:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    vectors = tfidf(texts)
    return normalize(TruncatedSVD(min(100, vectors.shape[0] - 1), random_state=1).fit_transform(vectors))


def hdbscan(texts: list[str]) -> list[int]:
    from sklearn.cluster import HDBSCAN

    return _alone(HDBSCAN(min_cluster_size=2).fit_predict(reduced(texts)))


def average_link(texts: list[str]) -> list[int]:
    from sklearn.cluster import AgglomerativeClustering

    model = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=THRESHOLD)
    return [int(label) for label in model.fit_predict(tfidf(texts).toarray())]


def bertopic(texts: list[str]) -> list[int]:
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.decomposition import PCA
    from sklearn.feature_extraction.text import CountVectorizer

    model = BERTopic(
        embedding_model=None,
        umap_model=PCA(10),
        hdbscan_model=HDBSCAN(min_cluster_size=2),
        vectorizer_model=CountVectorizer(tokenizer=jieba.lcut, token_pattern=None),
        min_topic_size=2,
    )
    topics, _ = model.fit_transform(texts, embeddings=reduced(texts))
    return _alone(topics)


PEERS: dict[str, Callable[[list[str]], list[int]]] = {
    "sklearn HDBSCAN": hdbscan,
    "sklearn average link": average_link,
    "BERTopic TF-IDF+SVD": bertopic,
}


def _alone(labels: Any) -> list[int]:
    """What a peer calls noise is a topic of one each."""
    return [int(label) if label >= 0 else -i - 1 for i, label in enumerate(labels)]


def measure(name: str, articles: list[Told], answer: Any) -> None:
    jieba.initialize()
    started = time.perf_counter()
    labels = PEERS[name]([f"{a.title} {a.title} {a.title} {a.text}" for a in articles])
    seconds = time.perf_counter() - started
    labelled = [i for i, a in enumerate(articles) if a.cluster is not None]
    precision, recall, f1 = bcubed([labels[i] for i in labelled], [articles[i].cluster for i in labelled])
    answer.put(
        {
            "peer": name,
            "articles": len(articles),
            "bcubed_precision": round(precision, 4),
            "bcubed_recall": round(recall, 4),
            "bcubed_f1": round(f1, 4),
            "seconds": round(seconds, 2),
            "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--background", type=Path)
    parser.add_argument("--peer", nargs="*", choices=list(PEERS), default=list(PEERS))
    # The tiny form keeps to what needs no other environment.
    args = arguments(parser, peer=["sklearn average link"])
    articles: list[Told] = [article for file in (args.file, args.background) if file for article in read(file)]
    articles = articles or few()
    context = get_context("spawn")
    for name in args.peer:
        answer = context.Queue()
        worker = context.Process(target=measure, args=(name, articles, answer))
        worker.start()
        worker.join()
        failed = {"peer": name, "failed": f"exit code {worker.exitcode}"}
        print(json.dumps(answer.get() if worker.exitcode == 0 else failed, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
