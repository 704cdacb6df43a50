"""A page's form as a browser without a script would send it: what is filled in, ticked and chosen."""

from __future__ import annotations

from html.parser import HTMLParser

Fields = dict[str, list[str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self._inside = False
        self._area: str | None = None
        self._select: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((said.get("action", ""), {}))
            self._inside = True
        elif not self._inside:
            return
        elif tag == "input":
            self._input(said)
        elif tag == "textarea":
            self._area, self._text = said["name"], ""
        elif tag == "select":
            self._select = said["name"]
            self._fields.setdefault(said["name"], [""])
        elif tag == "option" and self._select and "selected" in said:
            self._fields[self._select] = [said["value"]]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._area:
            self._fields[self._area] = [self._text.removeprefix("\n")]
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    @property
    def _fields(self) -> Fields:
        return self.forms[-1][1]

    def _input(self, said: dict[str, str]) -> None:
        kind, name = said.get("type", "text"), said.get("name")
        if not name or kind == "file" or "disabled" in said:
            return
        if kind in ("checkbox", "radio") and "checked" not in said:
            return
        self._fields.setdefault(name, []).append(said.get("value", ""))


def read_form(html: str, action: str) -> Fields:
    """Name to values of the page's form with this action."""
    reader = _Forms()
    reader.feed(html)
    for found, fields in reader.forms:
        if found == action:
            return fields
    raise AssertionError(f"no form on the page goes to {action}: {[found for found, _ in reader.forms]}")
