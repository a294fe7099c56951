"""Reading a site: over `responses` for what servers say, and over a real one for what connections do."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import responses

from bot.knowledge.building import Course, CourseError, Limits, Reading, read_course

START = "https://course.test/docs/"
FAST = Limits(pause=0, backoff=0, longest_wait=0)
PUBLIC = {"course.test": ["93.184.215.14"]}
HTML = "text/html; charset=utf-8"


def page(title: str, *links: str) -> str:
    return (
        f"<main><h1>{title}</h1><p>Words of {title}.</p>{''.join(f'<a href={link!r}>.</a>' for link in links)}</main>"
    )


def read(
    start: str = START,
    limits: Limits = FAST,
    addresses: dict[str, list[str]] = PUBLIC,
    allow_private: bool = False,
) -> Course:
    return read_course([start], Reading(None, limits, allow_private, lambda host, port: addresses[host]))


def titles(course: Course) -> list[str]:
    return [section.title for section in course.sections]


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def site(web: responses.RequestsMock) -> responses.RequestsMock:
    """A site whose robots.txt is missing."""
    web.get("https://course.test/robots.txt", status=404)
    return web


def test_the_pages_below_a_url_are_read_once_each(site: responses.RequestsMock) -> None:
    site.get(
        START,
        page("Start", "a", "/docs/a#part", "b/", "/elsewhere", "https://other.test/docs/", "?page=2"),
        content_type=HTML,
    )
    site.get(f"{START}a", page("A", "/docs/index.html", "b/"), content_type=HTML)
    site.get(f"{START}b/", page("B", "c"), content_type=HTML)
    site.get(f"{START}b/c", page("C"), content_type=HTML)
    course = read()
    assert titles(course) == ["Start", "A", "B", "C"]
    assert (course.left_out, course.stopped) == ({}, False)
    assert course.sections[1].url == f"{START}a"


def test_a_page_given_by_its_file_has_those_beside_it_below_it(site: responses.RequestsMock) -> None:
    site.get(f"{START}start.html", page("Start", "next.html", "/other/x.html"), content_type=HTML)
    site.get(f"{START}next.html", page("Next"), content_type=HTML)
    assert titles(read(f"{START}start.html")) == ["Start", "Next"]


def test_older_editions_of_a_course_are_not_read_beside_it(site: responses.RequestsMock) -> None:
    for path, version in (("", "2.0"), ("a", "2.0"), ("1.0/a", "1.0"), ("1.0/b", "1.0")):
        meta = f'<meta name="docusaurus_version" content="{version}">'
        links = ("a", "1.0/a") if not path else ("b",)
        site.get(f"{START}{path}", meta + page(f"P{path}", *links), content_type=HTML)
    site.get(f"{START}b", page("No version"), content_type=HTML)
    assert titles(read()) == ["P", "Pa", "No version"]


def test_markdown_and_text_are_read_as_what_they_are(site: responses.RequestsMock) -> None:
    site.get(START, "# A\n\n[b](b.md)", content_type="text/markdown")
    site.get(f"{START}b.md", "# B\n\n`ls -l`", content_type="text/plain; charset=utf-8")
    assert titles(read()) == ["A", "B"]


def test_robots_are_asked_and_kept_to(web: responses.RequestsMock) -> None:
    web.get("https://course.test/robots.txt", "User-agent: *\nDisallow: /docs/private*\nCrawl-delay: 0")
    web.get(START, page("Start", "private/a"), content_type=HTML)
    assert read().left_out == {f"{START}private/a": "robots.txt asks programs not to read it"}
    assert str(web.calls[0].request.headers["User-Agent"]).startswith("timonier/")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_without_an_answer_on_robots_nothing_is_read(web: responses.RequestsMock, status: int) -> None:
    web.get("https://course.test/robots.txt", status=status)
    with pytest.raises(CourseError, match=f"robots.txt cannot be read.*answered {status}"):
        read()


def test_a_server_in_trouble_is_asked_again(site: responses.RequestsMock) -> None:
    site.get(START, status=503, headers={"Retry-After": "3600"})
    site.get(START, status=502)
    site.get(START, page("Start"), content_type=HTML)
    assert titles(read()) == ["Start"]


def test_a_page_that_cannot_be_had_is_told_and_the_others_are_read(site: responses.RequestsMock) -> None:
    site.get(START, page("Start", "gone", "b", "c.pdf"), content_type=HTML)
    site.get(f"{START}gone", status=404)
    site.get(f"{START}b", page("B"), content_type=HTML)
    site.get(f"{START}c.pdf", b"%PDF", content_type="application/pdf")
    course = read()
    assert titles(course) == ["Start", "B"]
    assert course.left_out == {
        f"{START}gone": "answered 404 Not Found",
        f"{START}c.pdf": "is application/pdf, not a page",
    }


def test_a_first_page_that_cannot_be_had_ends_it(site: responses.RequestsMock) -> None:
    site.get(START, status=404)
    with pytest.raises(CourseError, match=r"https://course.test/docs/: answered 404"):
        read()


def test_redirects_are_followed_on_the_same_host_only(site: responses.RequestsMock) -> None:
    site.get("https://course.test/docs", status=301, headers={"Location": "/docs/"})
    site.get(START, page("Start", "a", "b"), content_type=HTML)
    site.get(f"{START}a", status=302, headers={"Location": START})
    site.get(f"{START}b", status=302, headers={"Location": "http://169.254.169.254/latest"})
    course = read("https://course.test/docs")
    assert titles(course) == ["Start"]
    assert list(course.left_out) == [f"{START}b"]
    assert "leads to another host" in course.left_out[f"{START}b"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "https://course.test:8443/docs/", "http://course.test/docs/"]
)
def test_a_redirect_to_another_scheme_or_port_is_refused(site: responses.RequestsMock, location: str) -> None:
    site.get(START, status=302, headers={"Location": location})
    with pytest.raises(CourseError, match="leads to another host"):
        read()


def test_http_may_become_https(web: responses.RequestsMock) -> None:
    for path in ("robots.txt", "docs/"):
        web.get(f"http://course.test/{path}", status=301, headers={"Location": f"https://course.test/{path}"})
    web.get("https://course.test/robots.txt", status=404)
    web.get(START, page("Start", "a"), content_type=HTML)
    web.get(f"{START}a", page("A"), content_type=HTML)
    assert titles(read("http://course.test/docs/")) == ["Start", "A"]


def test_endless_redirects_end(site: responses.RequestsMock) -> None:
    site.get(START, status=302, headers={"Location": START})
    with pytest.raises(CourseError, match="more than 5 redirects"):
        read()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(site: responses.RequestsMock, address: str) -> None:
    with pytest.raises(CourseError, match=r"a private address\. --allow-private allows it"):
        read(addresses={"course.test": ["93.184.215.14", address]})
    assert not site.calls


def test_a_private_address_is_read_when_asked_for(site: responses.RequestsMock) -> None:
    site.get(START, page("Start"), content_type=HTML)
    assert titles(read(addresses={"course.test": ["10.0.0.8"]}, allow_private=True)) == ["Start"]


def test_a_name_that_leads_nowhere_is_told() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(CourseError, match=r"the name course.test leads nowhere: Name or service not known"):
        read_course([START], Reading(limits=FAST, resolve=nowhere))


@pytest.mark.parametrize(
    "source",
    ["file:///etc/passwd", "file:/etc/passwd", "ftp://course.test/", "gopher://x", "http://", "http://[::1", "http://a:b@course.test/",
     "http://course.test:x/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_with_a_right_one(source: str) -> None:
    with pytest.raises(CourseError, match=r"https://example.org/course/"):
        read(source)


def test_pages_depth_and_size_are_limited(site: responses.RequestsMock) -> None:
    for number in range(9):
        site.get(f"{START}{number or ''}", page(f"P{number}", f"{START}{number + 1}"), content_type=HTML)
    deep = read(limits=Limits(pause=0, depth=2))
    assert titles(deep) == ["P0", "P1", "P2"]
    few = read(limits=Limits(pause=0, pages=3))
    assert (titles(few), few.stopped) == (["P0", "P1", "P2"], True)
    assert "stopped after 3 pages, 1 more were known" in few.left_out[START]
    with pytest.raises(CourseError, match="more than 150 bytes in all"):
        read(limits=Limits(pause=0, all_bytes=150))


def test_time_is_limited(site: responses.RequestsMock) -> None:
    site.get(START, page("Start", "a"), content_type=HTML)
    with pytest.raises(CourseError, match="took too long"):
        read(limits=Limits(pause=0, seconds=0))


class Server(BaseHTTPRequestHandler):
    """A site of its own, that says which host it was asked for; `/docs/bomb` is small only when packed."""

    def do_GET(self) -> None:
        self.asked.append(str(self.headers["Host"]))
        body = page("Start", "bomb").encode()
        if self.path == "/robots.txt":
            self.send_error(404)
            return
        if self.path == "/docs/bomb":
            body = gzip.compress(b"<p>" + b"a" * 20_000_000)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/docs/bomb":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.path == "/docs/slow":
            self.drip()
        self.wfile.write(body)

    def drip(self) -> None:
        """A byte now and then, so that no single wait is long."""
        while not self.closing.wait(0.05):
            self.wfile.write(b"a")
            self.wfile.flush()

    def log_message(self, *args: object) -> None:
        """Tests print nothing."""

    asked: list[str]
    closing: threading.Event


@contextmanager
def serving() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    closing = threading.Event()
    handler = type("Handler", (Server,), {"asked": asked, "closing": closing})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://course.test:{server.server_port}/docs/", asked
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_address_that_was_checked_is_the_one_that_is_asked_under_the_host_s_own_name() -> None:
    with serving() as (start, asked):
        course = read(start, Limits(pause=0, depth=0), {"course.test": ["127.0.0.1"]}, allow_private=True)
    assert titles(course) == ["Start"]
    assert {host.partition(":")[0] for host in asked} == {"course.test"}


def test_a_packed_bomb_is_left_out() -> None:
    limits = Limits(pause=0, page_bytes=1_000_000, pages=2)
    with serving() as (start, _):
        course = read(start, limits, {"course.test": ["127.0.0.1"]}, allow_private=True)
    assert course.left_out[f"{start}bomb"] == "is larger than 1,000,000 bytes"


def test_a_server_that_drips_is_left_out() -> None:
    with serving() as (start, _), pytest.raises(CourseError, match="slow: took too long"):
        read(f"{start}slow", Limits(page_seconds=1), {"course.test": ["127.0.0.1"]}, allow_private=True)
