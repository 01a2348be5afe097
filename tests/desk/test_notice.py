"""People who react to an article make its topic hotter, by as many as its publisher counts by now."""

from __future__ import annotations

from datetime import timedelta

from desk.collecting.collect import Collector
from desk.topics.monitor import list_topics
from domain.article import SourceTier
from domain.topic import HeatPart
from store import articles, sources

FEED = (
    '<rss version="2.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>临江论坛</title>'
    "<item><title>东区停水三天没人管</title><guid>a</guid><pubDate>{at}</pubDate>"
    "<slash:comments>{comments}</slash:comments></item></channel></rss>"
)


def test_comments_that_grow_raise_the_notice_of_a_topic(database, publisher, now):
    with database.write() as connection:
        source = sources.add(connection, "feed", publisher.base + "/f", "临江论坛", SourceTier.SOCIAL)
    collector, notices = Collector(database, now), []
    for i, comments in enumerate([0, 3, 3000]):
        body = FEED.format(at=(now - timedelta(hours=1)).isoformat(), comments=comments)
        publisher.pages["/f"] = (200, {"Content-Type": "application/rss+xml"}, body.encode())
        collector.round(now + i * timedelta(minutes=10), only=source)
        (topic,) = list_topics(database)
        notices.append(topic.heat.parts[HeatPart.NOTICE])
        with database.read() as connection:
            stored = articles.get(connection, 1)
            assert stored is not None and stored.reactions.comments == comments
    collector.close()
    assert notices[0] == 0 < notices[1] < 20 < 80 < notices[2] < 100
