"""What a page may ask of the window that it stands in, and no more: to lead elsewhere, to say something, who sits here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from domain.appearance import Appearance
    from domain.topic import Topic


class Frame(Protocol):
    """The window, as its pages know it."""

    @property
    def person(self) -> str:
        """The name of whoever sits at this window now."""

    def go_to_case(self, id: int) -> None:
        """Show a case on its page."""

    def go_to_topic(self, id: int) -> None:
        """Show a topic on its page."""

    def go_to_article(self, id: int) -> None:
        """Show an article on its page."""

    def go_to_flash(self, concern_id: int) -> None:
        """Show the 快报 of a concern."""

    def go_to_articles_of(self, topic: Topic) -> None:
        """Show the stream of one topic's articles."""

    def go_to_articles_from(self, source_id: int) -> None:
        """Show the stream of one source's articles."""

    def go_to_new_source(self) -> None:
        """Show the sources, with the dialog that adds one."""

    def tell(self, text: str, collect: bool = False) -> None:
        """Say something above for a while; start a round if asked."""

    def announce(self, sentence: str) -> None:
        """Say at the foot what has come about; it stays until it was read."""

    def warn(self, sentence: str, about: str = "") -> None:
        """Say at the foot what cannot be done, and why; `about` names what it is said of."""

    def withdraw(self, about: str) -> None:
        """What was said of this at the foot is no longer so."""

    def dress(self, theme: Appearance) -> None:
        """Take up the look that was chosen."""

    def recognise(self) -> None:
        """Look again who sits here; the people were changed."""

    def restore_from(self, file: Path) -> None:
        """Put a backup in the place of the data."""
