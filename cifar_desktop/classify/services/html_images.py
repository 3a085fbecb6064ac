"""The pictures of a piece of HTML, as browsers add it to a drop; used by `image_source`.

A module of its own because the parser is imported only for a drop that has HTML.
"""

from html.parser import HTMLParser


def image_addresses(html: str) -> list[str]:
    """The `src` of every `<img>` that can be reached from outside its page."""
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
