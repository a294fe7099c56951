"""Requests that go to the very address that was checked: a name that resolves anew cannot lead elsewhere."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from bot import __version__
from bot.knowledge.building.course import CourseError, Unreadable

AGENT = f"timonier/{__version__}"
EXAMPLE = "https://example.org/course/"
PORTS = {"http": 80, "https": 443}
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes after decompression, and how many links deep.

    ``wait``: for a server to say something; ``longest_wait``: that it may ask for; ``pause``: between two requests.
    """

    pages: int = 500
    depth: int = 8
    page_bytes: int = 5_000_000
    all_bytes: int = 200_000_000
    seconds: float = 900
    page_seconds: float = 30
    retries: int = 3
    backoff: float = 0.5
    wait: float = 10
    longest_wait: int = 30
    pause: float = 0.1


def addresses_of(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def session(limits: Limits, allow_private: bool, resolve: Resolve) -> requests.Session:
    """Without the environment's proxies and netrc: a proxy would resolve names again, unchecked."""
    made = requests.Session()
    made.trust_env = False
    made.headers["User-Agent"] = AGENT
    adapter = CheckedAdapter(limits, allow_private, resolve)
    for scheme in PORTS:
        made.mount(f"{scheme}://", adapter)
    return made


class CheckedAdapter(HTTPAdapter):
    """Connects to the address that it has checked, under the name that was asked for."""

    def __init__(self, limits: Limits, allow_private: bool, resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._addresses: dict[str, str] = {}
        retry = Retry(
            limits.retries,
            redirect=False,
            status_forcelist=(429, 500, 502, 503, 504),
            backoff_factor=limits.backoff,
            raise_on_status=False,
            retry_after_max=limits.longest_wait,
        )
        super().__init__(max_retries=retry)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = split(request.url or "")
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        try:
            found = self._resolve(host, port)
        except OSError as error:
            raise Unreadable(f"the name {host} leads nowhere: {error.strerror or error}") from error
        if not self._allow_private and (private := next((each for each in found if not _is_public(each)), None)):
            raise Unreadable(f"{host} is {private}, a private address. --allow-private allows it, where it is yours")
        # A machine without IPv6 still gets such addresses.
        self._addresses[host] = min(found, key=lambda address: ":" in address)
        request.headers["Host"] = parts.netloc
        return super().send(request, *args, **kwargs)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: str | tuple[str, str] | None = None
    ) -> tuple[Any, Any]:
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        name = where["host"]
        tls = {"server_hostname": name, "assert_hostname": name} if where["scheme"] == "https" else {}
        return {**where, "host": self._addresses[name]}, {**how, **tls}


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        # Addresses that carry another one inside lead to that one.
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner or found in ipaddress.ip_network("64:ff9b::/96"):
            return inner is not None and inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


def split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise CourseError(f"{url}: is not a URL: {error}. A right one: {EXAMPLE}") from error
    return parts
