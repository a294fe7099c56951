"""The local Slack is for this machine and its own page alone, and its page shows mrkdwn as Slack does."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page

from bot.playground import localslack
from bot.playground.localslack import COURSE, RED_STUDENT, LocalSlack
from bot.playground.processes import Processes, free_ports


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSlack]:
    folder = tmp_path_factory.mktemp("local slack")  # a space, as in some people's home
    (port,) = free_ports(1)
    with Processes(folder) as processes:
        yield localslack.start(processes, folder, port)


def status(slack: LocalSlack, method: str, path: str, headers: dict[str, str], body: object = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", slack.port, timeout=5)
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse().status
    connection.close()
    return answer


def test_its_page_answers(slack: LocalSlack) -> None:
    assert status(slack, "GET", "/", {}) == 200
    assert status(slack, "GET", "/", {"Host": f"localhost:{slack.port}"}) == 200


def test_it_does_not_listen_on_other_addresses(slack: LocalSlack) -> None:
    for address in ("127.0.0.2", socket.gethostbyname(socket.gethostname())):
        if address != "127.0.0.1":
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((address, slack.port), timeout=2)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_other_web_pages_can_neither_read_nor_act(slack: LocalSlack, headers: dict[str, str]) -> None:
    message = {"channel": COURSE, "user": RED_STUDENT, "text": "rm -rf"}
    assert status(slack, "GET", "/", headers) == 403
    assert status(slack, "GET", "/_control/state", headers) == 403
    assert status(slack, "POST", "/_control/message", headers, message) == 403
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    assert status(slack, "GET", "/ui", {**upgrade, **key, **headers}) == 403


def test_its_own_page_can_act(slack: LocalSlack) -> None:
    message = {"channel": localslack.BLUE, "user": RED_STUDENT, "text": "bonjour"}
    headers = {"Origin": slack.url, "Content-Type": "application/json"}
    assert status(slack, "POST", "/_control/message", headers, message) == 200


def test_it_takes_no_place_in_other_pages(slack: LocalSlack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", slack.port, timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().headers["content-security-policy"] == "frame-ancestors 'none'"
    connection.close()


def test_the_tokens_are_new_each_time() -> None:
    assert LocalSlack(1).bot_token != LocalSlack(1).bot_token


@contextmanager
def said(page: Page, slack: LocalSlack, channel: str, message: dict[str, Any]) -> Iterator[Any]:
    """The last message of a channel, said by the bot, as the page shows it."""
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    assert status(slack, "POST", "/api/chat.postMessage", headers, {"channel": channel, **message}) == 200
    page.goto(slack.url)
    yield page.locator(".msg").last


TABLE = "NAME    READY   PORT(S)\nweb-1   *1*/1   80:30080/TCP   &lt;none&gt;\nweb_2_b   0/1   ~x~   a &amp; b"


@pytest.mark.browser
def test_a_table_in_a_fence_is_shown_as_it_is(page: Page, slack: LocalSlack) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"Voici *tout* :\n```\n{TABLE}\n```\nfin `x`"}}
    with said(page, slack, COURSE, {"text": "table", "blocks": [section]}) as message:
        message.locator("pre").wait_for()
        assert message.locator("pre").evaluate("pre => pre.textContent") == (
            "NAME    READY   PORT(S)\nweb-1   *1*/1   80:30080/TCP   <none>\nweb_2_b   0/1   ~x~   a & b"
        )
        assert "monospace" in message.locator("pre").evaluate("pre => getComputedStyle(pre).fontFamily")
        assert message.locator("strong").text_content() == "tout"
        assert message.locator("code").text_content() == "x"


@pytest.mark.browser
def test_two_short_fences_and_code_beside_them_stay_apart(page: Page, slack: LocalSlack) -> None:
    with said(
        page, slack, COURSE, {"text": "```kubectl get pods``` puis `-o wide`\n```kubectl get nodes```"}
    ) as message:
        message.locator("pre").last.wait_for()
        assert message.locator("pre").all_text_contents() == ["kubectl get pods", "kubectl get nodes"]
        assert message.locator("code").all_text_contents() == ["-o wide"]


@pytest.mark.browser
def test_an_address_in_code_is_code_and_beside_it_a_link(page: Page, slack: LocalSlack) -> None:
    code = ["curl -sfL https://get.k3s.io | sh -", "helm repo add x https://x.dev/"]
    text = f"`{code[0]}`, ou `{code[1]}`, puis <https://ici.dev|ici> : https://docs.k3s.io/a"
    with said(page, slack, COURSE, {"text": text}) as message:
        message.locator("code").last.wait_for()
        assert message.locator("code").all_text_contents() == code
        assert message.locator(".mrkdwn a").all_text_contents() == ["ici", "https://docs.k3s.io/a"]


@pytest.mark.browser
def test_a_message_that_is_changed_is_shown_again_as_slack_does(page: Page, slack: LocalSlack) -> None:
    with said(page, slack, localslack.SANDBOX, {"text": "```un\ndeux```"}):
        page.locator(".sidebar-item", has_text=localslack.CHANNELS[localslack.SANDBOX][0]).click()
        page.locator("pre").wait_for()
        ts = page.locator(".msg").last.get_attribute("data-ts")
        change = {"channel": localslack.SANDBOX, "ts": ts, "text": "```trois\nquatre &lt;none&gt;```"}
        headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
        assert status(slack, "POST", "/api/chat.update", headers, change) == 200
        page.locator("pre", has_text="trois").wait_for()
        assert page.locator("pre").evaluate("pre => pre.textContent") == "trois\nquatre <none>"


@pytest.mark.browser
def test_plain_text_keeps_its_lines(page: Page, slack: LocalSlack) -> None:
    section = {"type": "section", "text": {"type": "plain_text", "text": "un\n  deux"}}
    with said(page, slack, localslack.TRAINERS, {"text": "plain", "blocks": [section]}):
        page.locator(".sidebar-item", has_text="formateurs").click()
        assert page.locator(".plain").inner_text() == "un\n  deux"


@pytest.mark.browser
def test_the_field_proposes_the_bots_own_command(page: Page, slack: LocalSlack) -> None:
    page.goto(slack.url)
    page.get_by_placeholder("/k8s aide").wait_for()
