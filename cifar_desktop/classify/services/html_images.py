"""Finds the images in HTML, which browsers add to a drop.

A module of its own so that the parser is imported only for a drop with HTML.
"""

from html.parser import HTMLParser


def image_addresses(html: str) -> list[str]:
    """The absolute `src` of every `<img>`."""
    finder = _Finder()
    finder.feed(html)
    return finder.found


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = (dict(attrs).get("src") or "").strip() if tag == "img" else ""
        if source.startswith("//"):
            source = f"https:{source}"
        if source.lower().startswith(("http://", "https://", "data:")):
            self.found.append(source)
