"""Slack's 429, in one place: what goes to a channel that was told to wait waits; the others go on."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

_WITHOUT_A_WORD = 1.0  # seconds, where Slack does not say how long


class Limited(SlackClientError):
    """Nothing was sent; Slack takes it in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack takes it in {seconds:.0f} s")
        self.seconds = seconds


class Limits:
    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    async def call(self, method: Callable[..., Awaitable[Any]], channel: str, **content: Any) -> Any:
        """One of the Web API's methods that write to a channel. Raises Limited."""
        self.check(channel)
        try:
            return await method(channel=channel, **content)
        except SlackApiError as error:
            if error.response.status_code != 429:
                raise
            raise self.told(channel, error.response.headers) from error

    def check(self, channel: str) -> None:
        """Raises Limited while the channel is to wait."""
        left = self._until.get(channel, 0.0) - time.monotonic()
        if left > 0:
            raise Limited(left)
        self._until.pop(channel, None)

    def told(self, channel: str, headers: Mapping[str, Any]) -> Limited:
        """What the answer's Retry-After comes to."""
        said = next((value for name, value in headers.items() if name.lower() == "retry-after"), _WITHOUT_A_WORD)
        seconds = float(said[0] if isinstance(said, list) else said)
        self._until[channel] = time.monotonic() + seconds
        return Limited(seconds)
