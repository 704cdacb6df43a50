"""The feed of revisions and changed guides (Atom, RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from onething.domain.imprint import News
from onething.services import informing
from public_api.freshness import of_revision
from web import gates
from web.api import Blueprint
from web.current import current_ports

ATOM = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_TITLE = "新县“一件事一次办”：事项目录和办事指南更新 / One thing, done once: what changed"
news = Blueprint("public_news", __name__, url_prefix="/news", description="What revisions changed")


@news.get("")
@gates.public
@news.response(200, {"type": "string"}, content_type=ATOM)
@news.alt_response(304, description="As the ETag says")
def get_news() -> BaseResponse:
    """Atom: an entry for each of the latest revisions and for each guide that one of them changed."""
    ports = current_ports()
    imprint = informing.get_imprint(ports)
    feed = write_atom(informing.list_news(ports), ports.settings.public_url)
    return of_revision(Response(feed, content_type=f"{ATOM}; charset=utf-8"), imprint)


def write_atom(entries: Sequence[News], public_url: str) -> bytes:
    """The entries, newest first, as an Atom document; links begin with ``public_url``."""
    ElementTree.register_namespace("", _NAMESPACE)
    feed = ElementTree.Element(_tag("feed"), {"xml:lang": "zh-CN"})
    _text(feed, "id", f"{public_url}/public/v1/news")
    _text(feed, "title", _TITLE)
    _text(feed, "updated", entries[0].imprint.published_at.isoformat())
    _link(feed, "self", f"{public_url}/public/v1/news", ATOM)
    _link(feed, "alternate", f"{public_url}/guide/", "text/html")
    author = ElementTree.SubElement(feed, _tag("author"))
    _text(author, "name", "新县“一件事一次办”")
    for each in entries:
        _entry(feed, each, public_url)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ElementTree.Element, each: News, public_url: str) -> None:
    entry = ElementTree.SubElement(feed, _tag("entry"))
    _text(entry, "id", each.id.urn)
    _text(entry, "title", f"{each.title.zh} / {each.title.en}")
    _text(entry, "updated", each.imprint.published_at.isoformat())
    has_guide = each.thing is not None and not each.withdrawn
    page = f"{public_url}/guide/{each.thing}" if has_guide else f"{public_url}/guide/"
    _link(entry, "alternate", page, "text/html")
    if has_guide:
        _link(entry, "related", f"{public_url}/public/v1/things/{each.thing}/guide", "application/json")
    ElementTree.SubElement(entry, _tag("category"), {"term": "guide" if each.thing else "revision"})
    _text(entry, "content", _content(each))


def _content(each: News) -> str:
    """What changed, in Chinese and then in English."""
    if not each.lines:
        return each.title.zh
    return "\n".join([*(line.zh for line in each.lines), "", *(line.en for line in each.lines)])


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, _tag(name)).text = text


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, _tag("link"), {"rel": rel, "href": href, "type": kind})


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
