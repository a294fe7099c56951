"""HTML and Markdown as sections. Markdown is rendered to HTML first, so that one walk reads both.

The page's own landmarks (`main`, `article`) say what is content; what is left of navigation, banners and buttons there
is known by its role and class. trafilatura finds the same text, but on a MkDocs page lost four code blocks of seven.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag, UnicodeDammit
from bs4.element import NavigableString, PreformattedString
from markdown_it import MarkdownIt

from bot.knowledge.building.course import Block, Code, Document, Heading, Page, Prose, Unreadable, cut
from bot.knowledge.building.words import words_of_courses
from bot.language import LANGS

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINES = (
    "p div section li ul ol dl dt dd table tbody thead tfoot blockquote details summary figure figcaption article aside"
)
_BLOCKS = frozenset(_LINES.split(" ")) | {
    "main",
    "body",
    "header",
    "footer",
    "address",
    "caption",
    "center",
    "fieldset",
    "hr",
}
_NEVER = (
    "nav",
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "form",
    "button",
    "select",
    "dialog",
    "object",
)
_ROLES = ("navigation", "search", "banner", "contentinfo", "dialog", "alertdialog", "menu", "toolbar")
_FURNITURE, _BANNERS, _LABELS = (words_of_courses()[name] for name in ("furniture", "banners", "labels"))
# Class names as generators write them: `md-source-file`, `theme-doc-toc-mobile`, `copyButton_eDfN`.
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LANGUAGE = re.compile(r"^(?:language|lang|highlight|source|brush|highlight-source)-(\w[\w+-]*)$")
_PERMALINKS = frozenset(["", "#", "¶", "§", "🔗", "\u200b"])
# A page has at most this many elements inside one another; a browser stops at 512.
_DEPTH = 200

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n(?:---|\.\.\.)\s*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:\s*(['\"]?)(.+?)\1\s*$", re.MULTILINE)
_MDX = re.compile(r"^(?:import\s.+?from\s+['\"].+|export\s+(?:const|default)\s.+|</?[A-Z]\w*.*>)[ \t]*$", re.MULTILINE)
_SHORTCODE = re.compile(
    r"\{\{[<%][^}]{0,200}?(?:text=\"([^\"]{0,200})\"[^}]{0,200}?)?[%>]\}\}|\{#[\w-]+\}|^:{3,}.*$", re.MULTILINE
)
_INDENTED = re.compile(r"^(?:!!!|\?\?\?\+?|===\+?)\s.*\n((?:[ \t]*\n|(?: {4}|\t).*\n?)+)", re.MULTILINE)


def page_of_html(document: Document) -> Page:
    """Raises Unreadable for nesting that no browser would show."""
    return _page(BeautifulSoup(document.content, "lxml", from_encoding=document.charset), document)


def page_of_markdown(document: Document) -> Page:
    """CommonMark with tables; front matter, MDX, shortcodes, admonitions and tabs leave only what they hold."""
    text = decoded(document)
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front[1]) if front else None
    body = _INDENTED.sub(_outdented, text[front.end() :] if front else text)
    html = MarkdownIt("commonmark").enable("table").render("".join(_without_directives(body)))
    soup = BeautifulSoup(html, "lxml")
    return _page(soup, document, title[2] if title else "")


def decoded(document: Document) -> str:
    text = UnicodeDammit(document.content, [document.charset or "utf-8"]).unicode_markup
    if text is None or "\0" in text:
        raise Unreadable("is not text")
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


def _without_directives(text: str) -> Iterator[str]:
    """Code blocks are left as they are: there, `import` and `{{ }}` are the lesson."""
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and fence in ("", mark):
            fence = "" if fence else mark
        yield line if fence else _SHORTCODE.sub(lambda found: found[1] or "", _MDX.sub("", line))


def _outdented(found: re.Match[str]) -> str:
    return "\n" + re.sub(r"^(?: {4}|\t)", "", found[1], flags=re.MULTILINE) + "\n"


def _page(soup: BeautifulSoup, document: Document, title: str = "") -> Page:
    if _depth(soup) > _DEPTH:
        raise Unreadable(f"has more than {_DEPTH} elements inside one another; is it a page?")
    base = soup.find("base", href=True)
    start = urljoin(document.url, str(base["href"])) if isinstance(base, Tag) else document.url
    links = dict.fromkeys(urljoin(start, str(link["href"])) for link in soup.find_all("a", href=True))
    said = str(soup.html.get("lang", ""))[:2].lower() if soup.html else ""
    lang = next((lang for lang in LANGS if lang == said), None)
    if not title and soup.title and soup.title.string:
        title = re.split(r"\s+[|–—·]\s+|\s+-\s+", soup.title.string.strip())[0]
    main = _main(soup)
    sections = cut(_Walk().parts(main), title or _stem(document.name), document) if main else ()
    meta = soup.find("meta", attrs={"name": "docusaurus_version"}, content=True)
    return Page(document.name, sections, tuple(links), lang, str(meta["content"]) if isinstance(meta, Tag) else "")


def _depth(soup: BeautifulSoup) -> int:
    deepest = 0
    level: list[Tag] = [soup]
    while level := [child for tag in level for child in tag.children if isinstance(child, Tag)]:
        deepest += 1
    return deepest


def _main(soup: BeautifulSoup) -> Tag | None:
    """What the page calls its content; without a word on that, its body less what stands around it."""
    main = soup.select_one("main, [role=main]")
    articles = (main or soup).select("article")
    if len(articles) == 1:
        return articles[0]
    if main:
        return main
    for around in soup.select("body > header, body > footer, body > aside, body > div > aside"):
        around.decompose()
    return soup.body


def _stem(name: str) -> str:
    return re.sub(r"[-_]+", " ", PurePosixPath(urlsplit(name).path).stem) or name


class _Walk:
    """One pass over a page's content. Text that stands between two blocks is one paragraph."""

    def __init__(self) -> None:
        self._line: list[str] = []

    def parts(self, main: Tag) -> Iterator[Heading | Block]:
        yield from self._inside(main)
        yield from self._end()

    def _inside(self, parent: Tag) -> Iterator[Heading | Block]:
        for child in parent.children:
            if isinstance(child, Tag):
                yield from self._element(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._line.append(str(child))

    def _element(self, tag: Tag) -> Iterator[Heading | Block]:
        if _left_out(tag):
            return
        if tag.name in _HEADINGS:
            yield from self._end()
            if text := _text(tag):
                yield Heading(_HEADINGS[tag.name], text, str(tag.get("id", "")))
        elif tag.name == "pre":
            yield from self._end()
            if text := _code(tag):
                yield Code(text, _language(tag))
        elif tag.name == "tr":
            yield from self._end()
            cells = [_cell(cell) for cell in tag.find_all(["td", "th"], recursive=False)]
            self._line.append(" — ".join(filter(None, cells)))
            yield from self._end()
        elif tag.name in ("code", "kbd", "samp"):
            self._line.append(f"`{_text(tag)}`" if _text(tag) else "")
        elif tag.name == "br":
            self._line.append(" ")
        elif tag.name in _BLOCKS:
            yield from self._end()
            self._line += ["• "] if tag.name == "li" else []
            yield from self._inside(tag)
            yield from self._end()
        else:
            yield from self._inside(tag)

    def _end(self) -> Iterator[Prose]:
        text = " ".join("".join(self._line).split())
        self._line = []
        if text.strip("•` ") and text.lower() not in _LABELS:
            yield Prose(text)


def _left_out(tag: Tag) -> bool:
    if tag.name in _NEVER or tag.get("role") in _ROLES or tag.get("aria-hidden") == "true":
        return True
    if tag.name == "a" and str(tag.get("href", ""))[:1] == "#" and tag.get_text().strip() in _PERMALINKS:
        return True
    words = {word.lower() for name in tag.get_attribute_list("class") for word in _CLASS_WORD.findall(str(name))}
    words |= {word.lower() for word in _CLASS_WORD.findall(str(tag.get("id", "")))} & _BANNERS
    if words & _BANNERS:
        return tag.name not in _HEADINGS
    # A wrapper may be named after the button in it: what holds content stays.
    return bool(words & _FURNITURE) and tag.name not in _HEADINGS and not tag.find(["pre", "h1", "h2", "h3", "p"])


def _text(tag: Tag) -> str:
    return " ".join("".join(_strings(tag)).replace("`", "").split())


def _cell(tag: Tag) -> str:
    for code in tag.find_all("code"):
        code.replace_with(f"`{_text(code)}`")
    return " ".join("".join(_strings(tag)).split())


def _strings(tag: Tag) -> Iterator[str]:
    for child in tag.children:
        if isinstance(child, Tag):
            yield from () if _left_out(child) else _strings(child)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield str(child)


def _code(pre: Tag) -> str:
    for button in pre.find_all(_NEVER):
        button.decompose()
    for line in pre.find_all("br"):
        line.replace_with("\n")
    return pre.get_text().replace("\r\n", "\n").strip("\n").rstrip()


def _language(pre: Tag) -> str:
    around = [pre, *pre.find_all("code"), *list(pre.parents)[:3]]
    names = [str(name) for tag in around for name in tag.get_attribute_list("class")]
    if any("output" in _CLASS_WORD.findall(name) for name in names):
        return "output"
    return next((found[1].lower() for name in names if (found := _LANGUAGE.match(name))), "")
