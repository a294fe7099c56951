"""The one connection to the API server, and who it speaks for.

Every request impersonates a person's role; only discovery and health, open to every account, are the bot's own.
The only importer of kubernetes.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import yaml

from bot import __version__
from bot.errors import Unavailable
from bot.language import Text
from bot.sandbox.person import Person

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json"
TABLE = ",".join(f"application/json;as=Table;v={version};g=meta.k8s.io" for version in ("v1", "v1beta1"))
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
SELF_REVIEWS = "/v1/selfsubject"
OPEN_TO_ALL, OPENAPI = ("/api", "/apis", "/readyz", "/version"), "/openapi/v3/"
# The API server takes domain-prefixed keys only.
SLACK_USER = "Impersonate-Extra-timonier.dev%2Fslack-user-id"
PROPOSED_BY = "Impersonate-Extra-timonier.dev%2Fproposed-by"
TIMEOUT, READY_TIMEOUT = 10.0, 2.0  # seconds; a tuple raises in this client
BUSY = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
# Whoever says so passed the request on before.
PASSED_ON = (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)

AWAY = Text(
    "Le cluster ne répond pas pour l'instant. Rien n'a été fait ; réessayez dans une minute.",
    "The cluster does not answer at the moment. Nothing was done; try again in a minute.",
)
SLOW = Text(
    "Le cluster met trop de temps à répondre. Rien n'a été changé ; réessayez dans une minute.",
    "The cluster takes too long to answer. Nothing was changed; try again in a minute.",
)
OVERLOADED = Text(
    "Le cluster est surchargé et a refusé la demande. Rien n'a été fait ; réessayez dans une minute.",
    "The cluster is overloaded and turned the request away. Nothing was done; try again in a minute.",
)
NOT_KUBERNETES = Text(
    "Ce qui répond à l'adresse du cluster n'est pas Kubernetes (un proxy, sans doute). Prévenez un formateur.",
    "What answers at the cluster's address is not Kubernetes (a proxy, most likely). Tell a trainer.",
)
NOT_RECOGNISED = Text(
    "Le cluster ne reconnaît plus le bot : son jeton est expiré ou faux. Prévenez un formateur.",
    "The cluster does not recognise the bot any more: its token is expired or wrong. Tell a trainer.",
)
UNSURE = Text(
    "La connexion au cluster s'est coupée pendant l'écriture : on ne sait pas si elle a été faite. "
    "Regardez avec `/k8s get` avant de recommencer.",
    "The connection to the cluster broke during the write: nobody knows whether it was done. "
    "Look with `/k8s get` before you try again.",
)
NO_CONFIGURATION = Text(
    "Le bot n'a pas de cluster : KUBECONFIG ou le compte du pod manque ou ne se lit pas ({reason}).",
    "The bot has no cluster: KUBECONFIG or the pod's account is missing or unreadable ({reason}).",
)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Refused(Exception):
    """The API server said no. ``status`` is its Status object: reason, message, code, details."""

    def __init__(self, status: Mapping[str, Any], warnings: tuple[str, ...] = ()) -> None:
        super().__init__(status.get("message", ""))
        self.status = status
        self.warnings = warnings

    @property
    def reason(self) -> str:
        return str(self.status.get("reason", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx: the object, and the API server's warnings."""

    object: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def impersonation(person: Person, namespace: str | None) -> dict[str, str]:
    """The headers of ``person`` in ``namespace``: one user, one group, for the audit log the Slack users."""
    if person.role == "trainer":
        group = "timonier:trainers"
    else:
        own = namespace if namespace in person.namespaces else person.namespaces[0]
        group = f"timonier:students:{own}"
    acting = {"Impersonate-User": f"timonier:{person.role}", "Impersonate-Group": group, SLACK_USER: person.user_id}
    return {**acting, PROPOSED_BY: person.proposed_by} if person.proposed_by else acting


class Api:
    """Requests to the API server. Raises Refused for its no, Unavailable where it is away, slow, busy or not itself."""

    def __init__(self, client: Any) -> None:  # kubernetes.aio.client.ApiClient, which has no types
        self._client = client

    async def send(
        self,
        person: Person,
        namespace: str | None,
        method: Method,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
        accept: str = JSON,
        content_type: str = JSON,
    ) -> Answer:
        """One request for ``person``, as their group of ``namespace``."""
        headers = {**impersonation(person, namespace), "Accept": accept, "Content-Type": content_type}
        return await self._request(method, path, query, headers, body, TIMEOUT)

    async def read_text(self, person: Person, namespace: str, path: str, query: Sequence[tuple[str, str]]) -> str:
        """A GET for ``person`` of what is no object: logs."""
        headers = {**impersonation(person, namespace), "Accept": "*/*"}
        data, _ = await self._exchange("GET", path, query, headers, None, TIMEOUT)
        return data.decode(errors="replace")

    async def read_open(self, path: str, timeout: float = TIMEOUT) -> Mapping[str, Any]:  # noqa: ASYNC109
        """A GET as the bot itself, of what every account may read."""
        if path not in OPEN_TO_ALL and not path.startswith(OPENAPI):
            raise ValueError(f"{path} is read for a person only")
        accept = DISCOVERY if path in ("/api", "/apis") else JSON
        return (await self._request("GET", path, (), {"Accept": accept}, None, timeout)).object

    async def review_own(self, path: str, review: Mapping[str, Any]) -> Mapping[str, Any]:
        """A review of what the bot itself may do, which is open to every account."""
        if SELF_REVIEWS not in path:
            raise ValueError(f"{path} is asked for a person only")
        headers = {"Accept": JSON, "Content-Type": JSON}
        return (await self._request("POST", path, (), headers, review, TIMEOUT)).object

    async def ready(self) -> None:
        """Raises Unavailable unless the API server says that it is ready."""
        try:
            await self._exchange("GET", "/readyz", (), {}, None, READY_TIMEOUT)
        except Refused as error:
            raise Unavailable(OVERLOADED) from error

    async def _request(
        self,
        method: Method,
        path: str,
        query: Sequence[tuple[str, str]],
        headers: Mapping[str, str],
        body: object,
        seconds: float,
    ) -> Answer:
        data, warnings = await self._exchange(method, path, query, headers, body, seconds)
        found = read_object(data)
        if found is None:
            raise Unavailable(NOT_KUBERNETES)
        return Answer(found, warnings)

    async def _exchange(
        self,
        method: Method,
        path: str,
        query: Sequence[tuple[str, str]],
        headers: Mapping[str, str],
        body: object,
        seconds: float,
    ) -> tuple[bytes, tuple[str, ...]]:
        unsure = method != "GET" and ("dryRun", "All") not in query and SELF_REVIEWS not in path
        try:
            request = await self._client.param_serialize(
                method,
                path,
                query_params=list(query),
                header_params=dict(headers),
                body=body,
                auth_settings=["BearerToken"],
            )
            reply = await self._client.call_api(*request, _request_timeout=seconds)
            data: bytes = await reply.read()
        except aiohttp.ClientConnectorError as error:
            raise Unavailable(AWAY) from error
        except TimeoutError as error:
            raise Unavailable(UNSURE if unsure else SLOW) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Unavailable(UNSURE if unsure else AWAY) from error
        warnings = tuple(map(read_warning, reply.headers.getall("Warning", [])))
        if unsure and reply.status in PASSED_ON:
            raise Unavailable(UNSURE)
        if reply.status >= HTTPStatus.BAD_REQUEST:
            raise failure(reply.status, data, warnings)
        return data, warnings


def failure(code: int, data: bytes, warnings: tuple[str, ...]) -> Refused | Unavailable:
    if code in BUSY:
        return Unavailable(OVERLOADED)
    if code == HTTPStatus.UNAUTHORIZED:
        return Unavailable(NOT_RECOGNISED)
    status = read_object(data)
    return Refused(status, warnings) if status and status.get("kind") == "Status" else Unavailable(NOT_KUBERNETES)


def read_object(data: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def read_warning(header: str) -> str:
    """The text of `299 - "text"`."""
    return header.partition('"')[2].removesuffix('"').replace('\\"', '"')


@asynccontextmanager
async def connect(kubeconfig: Path | None) -> AsyncIterator[Api]:
    """One client for the process; None is the pod's account. Raises Unavailable without a readable configuration."""
    # Imported here: half a second that `timonier ask` need not pay.
    from kubernetes.aio.client.api_client import ApiClient
    from kubernetes.aio.config import ConfigException

    try:
        client: Any = ApiClient(await configure(kubeconfig))
    except (ConfigException, yaml.YAMLError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        # What is wrong with YAML is told without the lines around it: a token may stand there.
        reason = error.problem if isinstance(error, yaml.MarkedYAMLError) else error
        raise Unavailable(NO_CONFIGURATION.format(reason=str(reason) or type(error).__name__)) from error
    client.user_agent = f"timonier/{__version__}"
    async with client:
        yield Api(client)


async def configure(kubeconfig: Path | None) -> Any:
    from kubernetes.aio import config as kubernetes_config
    from kubernetes.aio.client.configuration import Configuration

    configuration: Any = Configuration()
    config: Any = kubernetes_config
    if kubeconfig is None:
        config.load_incluster_config(client_configuration=configuration)
    else:
        token_file = find_token_file(kubeconfig)  # first, since the client prints what it cannot find
        await config.load_kube_config(str(kubeconfig), client_configuration=configuration, persist_config=False)
        if token_file:
            configuration.refresh_api_key_hook = token_from(token_file)
    # By itself the client looks them up, and a netrc file, for each request anew.
    configuration.client_session_kwargs = {"trust_env": False}
    configuration.proxy = configuration.proxy or proxy_for(configuration.host)
    return configuration


def proxy_for(url: str) -> str | None:
    """Of HTTPS_PROXY, unless NO_PROXY names the host."""
    server = urlsplit(url)
    return None if proxy_bypass(server.hostname or "") else getproxies().get(server.scheme)


def find_token_file(kubeconfig: Path) -> Path | None:
    """The token file of the current user: the client would read it once, and tokens expire.

    None where there is no such context, too: the client says so in its words.
    """
    config = yaml.safe_load(kubeconfig.read_text())
    contexts = {context["name"]: context["context"] for context in config.get("contexts", ())}
    users = {user["name"]: user.get("user") or {} for user in config.get("users", ())}
    current = contexts.get(config.get("current-context"), {})
    token_file = users.get(current.get("user"), {}).get("tokenFile")
    return kubeconfig.parent / token_file if token_file else None


def token_from(path: Path) -> Callable[[Any], None]:
    def read_token(configuration: Any) -> None:
        configuration.api_key["BearerToken"] = f"Bearer {path.read_text().strip()}"

    return read_token
