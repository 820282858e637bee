"""Reads a page as a browser does: what it is called, where it leads, what it loads, what it says."""

from html.parser import HTMLParser
from typing import Final

VOID: Final = {"meta", "link", "img", "br", "input", "path", "circle", "rect"}


class Page(HTMLParser):
    """A page. Raises AssertionError where an element is not closed, or closed twice, or a link leads to a place on the
    page that is not there.
    """

    def __init__(self, content: str) -> None:
        """Read it."""
        super().__init__()
        self.content = content
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.elements: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self._joins = False
        self.feed(content)
        self.close()
        assert self._open == [], f"left open: {self._open}"
        nowhere = [link for link in self.links if link.startswith("#") and link[1:] not in self.ids]
        assert nowhere == [], f"lead nowhere: {nowhere}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element brings."""
        given = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        self._joins = self._joins and tag == "bdi"
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.loads += [given[name] for name in ("src", "href") if name in given and tag in ("link", "img", "script")]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself, as those of a drawing do."""
        self.elements.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another"
        self._joins = tag == "bdi"

    def handle_data(self, data: str) -> None:
        """Note the words; those of a name stand in the sentence around it."""
        self.words = f"{self.words}{'' if self._joins else ' '}{data}"
        self._joins = True

    @property
    def said(self) -> str:
        """All words of the page, in one line."""
        return " ".join(self.words.split())
