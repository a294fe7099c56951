"""A course's pages over HTTP: from one URL to the pages below it on that host, one request at a time.

Only http and https are spoken, robots.txt is kept to, and each request's address is checked, a redirect's too. Time,
pages, depth, redirects and decompressed size are limited.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

import requests
from protego import Protego
from urllib3.exceptions import HTTPError as TransportError

from bot.knowledge.building.connecting import AGENT, EXAMPLE, PORTS, Limits, Resolve, session, split
from bot.knowledge.building.course import CourseError, Document, Format, Page, Unreadable

_FORMATS: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
}
# What says that there is no robots.txt; 429 only says not now.
_MISSING = frozenset(range(400, 500)) - {429}
_REDIRECTS = 5
_CHUNK = 65_536
# robots.txt may ask for a pause between requests; a longer one would make a course take hours.
_LONGEST_PAUSE = 10.0


class Site:
    """The pages of one host below one path. ``left_out``: URL and reason of each page that could not be had;
    ``stopped``: whether a limit left more unread."""

    def __init__(
        self,
        start: str,
        read: Callable[[Document], Page],
        limits: Limits,
        allow_private: bool,
        resolve: Resolve,
    ) -> None:
        self._start = _checked(start)
        self._read_page = read
        self._limits = limits
        self._deadline = time.monotonic() + limits.seconds
        self._read = 0
        self._session = session(limits, allow_private, resolve)
        self.left_out: dict[str, str] = {}
        self.stopped = False

    def pages(self) -> Iterator[tuple[Page, int]]:
        """Each page, and how many are known to be left. Raises CourseError when the first one cannot be had."""
        with self._session:
            robots = self._robots()
            first = self._page(self._start, robots)
            if first is None:
                raise CourseError(f"{self._start}: {self.left_out[self._start]}")
            pause = min(float(robots.crawl_delay(AGENT) or self._limits.pause), _LONGEST_PAUSE)
            yield from self._pages_below(first, robots, pause)

    def _pages_below(self, first: Page, robots: Protego, pause: float) -> Iterator[tuple[Page, int]]:
        below = _folder(first.name)
        seen = {_key(self._start), _key(first.name)}
        queue: deque[tuple[str, int]] = deque()
        self._queue_links(first, below, 1, queue, seen)
        yield first, len(queue)
        pages = 1
        while queue:
            if pages >= self._limits.pages or time.monotonic() > self._deadline:
                self._stopped(pages, len(queue))
                return
            url, depth = queue.popleft()
            time.sleep(pause)
            page = self._page(url, robots)
            if page is None or _leads_elsewhere(url, page.name, below, seen):
                continue
            if first.version and page.version not in ("", first.version):
                continue  # an older edition says the same again
            pages += 1
            self._queue_links(page, below, depth + 1, queue, seen)
            yield page, len(queue)

    def _queue_links(self, page: Page, below: str, depth: int, queue: deque[tuple[str, int]], seen: set[str]) -> None:
        """Its links to pages not seen yet. Those with a query are left out: calendars and searches never end."""
        for link in (urldefrag(link)[0] for link in page.links if depth <= self._limits.depth):
            if link.startswith(below) and not urlsplit(link).query and _key(link) not in seen:
                seen.add(_key(link))
                queue.append((link, depth))

    def _stopped(self, pages: int, left: int) -> None:
        self.stopped = True
        allowed = f"{pages} pages" if pages >= self._limits.pages else f"{self._limits.seconds / 60:g} minutes"
        self.left_out[self._start] = (
            f"stopped after {allowed}, {left} more were known; --pages and --minutes allow more"
        )

    def _page(self, url: str, robots: Protego) -> Page | None:
        try:
            if not robots.can_fetch(url, AGENT):
                raise Unreadable("robots.txt asks programs not to read it")
            return self._read_page(_document(*self._get(url)))
        except Unreadable as left:
            self.left_out[url] = str(left)
            return None

    def _robots(self) -> Protego:
        """RFC 9309: no file allows all; a file that cannot be had allows nothing."""
        try:
            response, content = self._get(urljoin(self._start, "/robots.txt"), missing=True)
        except Unreadable as why:
            raise CourseError(f"{self._start}: its robots.txt cannot be read, so no page is: {why}") from why
        return Protego.parse(content.decode(errors="replace") if response.status_code == 200 else "")

    def _get(self, url: str, missing: bool = False) -> tuple[requests.Response, bytes]:
        """The response that redirects lead to, with its whole body; raises Unreadable. ``missing``: 4xx will do too."""
        deadline = min(self._deadline, time.monotonic() + self._limits.page_seconds)
        for _ in range(_REDIRECTS + 1):
            try:
                with self._session.get(url, allow_redirects=False, stream=True, timeout=self._limits.wait) as response:
                    if response.is_redirect:
                        url = self._followed(url, response.headers["Location"])
                    elif response.ok or (missing and response.status_code in _MISSING):
                        return response, self._body(response, deadline)
                    else:
                        raise Unreadable(f"answered {response.status_code} {response.reason}")
            except (requests.RequestException, TransportError, UnicodeError) as error:
                raise Unreadable(f"could not be fetched: {_reason(error)}") from error
        raise Unreadable(f"more than {_REDIRECTS} redirects")

    def _followed(self, url: str, location: str) -> str:
        target = urljoin(url, location)
        if not _same_site(urlsplit(self._start), urlsplit(target)):
            raise Unreadable(f"leads to another host: {target}. Give that URL instead, if it is the course")
        return target

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        content = bytearray()
        # read1 gives what came: a server that sends a byte now and then does not outlast the deadline.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            content += chunk
            self._read += len(chunk)
            if len(content) > self._limits.page_bytes:
                raise Unreadable(f"is larger than {self._limits.page_bytes:,} bytes")
            if self._read > self._limits.all_bytes:
                raise CourseError(
                    f"{self._start}: more than {self._limits.all_bytes:,} bytes in all; give a part of it"
                )
            if time.monotonic() > deadline:
                raise Unreadable("took too long")
        return bytes(content)


def _document(response: requests.Response, content: bytes) -> Document:
    url = urldefrag(response.url)[0]
    header = response.headers.get("Content-Type", "text/html")
    kind = header.partition(";")[0].strip().lower()
    form = _FORMATS.get(kind)
    if form is None:
        raise Unreadable(f"is {kind}, not a page")
    if form == "text" and urlsplit(url).path.endswith((".md", ".markdown", ".mdx")):
        form = "markdown"
    return Document(url, content, form, response.encoding if "charset" in header.lower() else None)


def _checked(url: str) -> str:
    parts = split(url)
    if parts.scheme not in PORTS:
        raise CourseError(f"{url}: only http and https are read, as in {EXAMPLE}; a file is given by its path: docs/")
    if not parts.hostname:
        raise CourseError(f"{url}: names no host. A right one: {EXAMPLE}")
    if parts.username or parts.password:
        raise CourseError(f"{parts.hostname}: a URL with a password in it is not taken. A right one: {EXAMPLE}")
    return urldefrag(url)[0]


def _same_site(start: SplitResult, target: SplitResult) -> bool:
    """One host; and its port, unless http becomes https."""
    if start.hostname != target.hostname or target.scheme not in PORTS or target.username:
        return False
    ports = [parts.port or PORTS[parts.scheme] for parts in (start, target)]
    return (start.scheme == target.scheme and ports[0] == ports[1]) or ports == [80, 443]


def _folder(url: str) -> str:
    """What the pages below a page start with: those beside a file, those inside anything else."""
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2]
    path = parts.path.removesuffix(last) if "." in last or not last else f"{parts.path}/"
    return f"{parts.scheme}://{parts.netloc}{path or '/'}"


def _key(url: str) -> str:
    """Equal for the ways to write one page's URL."""
    return url.removesuffix("index.html").removesuffix("index.htm").rstrip("/")


def _leads_elsewhere(asked: str, got: str, below: str, seen: set[str]) -> bool:
    """Whether a redirect led to a page that is read anyway, or to none of the course's."""
    if _key(asked) == _key(got):
        return False
    elsewhere = _key(got) in seen or not got.startswith(below)
    seen.add(_key(got))
    return elsewhere


def _reason(error: BaseException) -> str:
    """The innermost cause: what wraps it names classes and objects."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    return str(error) or type(error).__name__
