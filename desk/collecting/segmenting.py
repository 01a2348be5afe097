"""Articles with their words: as they are stored, and as they are placed; of thousands in helper processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from analysis.brief import briefs_of
from analysis.centroid import Named
from analysis.happenings import sorts_of
from analysis.parallel import Helpers
from analysis.places import regions_of
from analysis.segment import cut, indexed, kept
from analysis.terms import TEXT_LIMIT, terms_of_words
from analysis.topics import Document
from domain.article import Article
from domain.personal import has_personal
from store.articles import ArticleWords, Segmented

MANY = 2000  # articles from which starting helper processes pays
PERSONAL_LIMIT = 20_000  # characters looked through for personal data

Given = TypeVar("Given")
Made = TypeVar("Made")


def segmented_all(items: Sequence[Article], helpers: Helpers | None = None) -> list[Segmented]:
    """Articles with their words, in order."""
    return list(segmenting(items, helpers))


def segmenting(items: Sequence[Article], helpers: Helpers | None = None) -> Iterator[Segmented]:
    """Articles with their words, in order, as they are ready."""
    return read_by(_segmented, items, helpers)


def segmented(item: Article) -> Segmented:
    """An article with its words, ready to be stored."""
    title, text = cut(item.title), cut(item.text[:TEXT_LIMIT])
    return Segmented(
        item,
        " ".join(kept(title)),
        " ".join(kept(text)),
        indexed(title),
        indexed(text),
        has_personal(f"{item.title}\n{item.text[:PERSONAL_LIMIT]}"),
    )


def documents(items: Sequence[ArticleWords], helpers: Helpers | None = None) -> Iterator[Document]:
    """Stored articles as the window of topics takes them, in order."""
    return read_by(read_documents, items, helpers)


def read_documents(items: Sequence[ArticleWords]) -> list[Document]:
    """Stored articles as the window of topics takes them."""
    briefs = briefs_of([terms_of_words(i.title, i.title_words.split(), i.text_words.split()) for i in items])
    return [Document(item.id, brief, item.published_at, _named(item), item.fixed) for item, brief in zip(items, briefs)]


def _named(item: ArticleWords) -> Named:
    bare = item.text_words in ("", item.title_words)  # an entry of a hot list has its title for a text
    return Named(regions_of(item.title), sorts_of(item.title, bare))


def _segmented(items: Iterable[Article]) -> list[Segmented]:
    return [segmented(item) for item in items]


def read_by(
    read: Callable[[list[Given]], list[Made]], items: Sequence[Given], helpers: Helpers | None
) -> Iterator[Made]:
    """What `read` makes of the items, in order; of thousands at once in helper processes."""
    if helpers is not None and (helpers.running or len(items) >= MANY):
        yield from helpers.read(read, items)
    elif len(items) >= MANY:
        with Helpers() as own:
            yield from own.read(read, items)
    else:
        yield from read(list(items))
