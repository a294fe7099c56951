"""Whether Slack is set up as the manifest and the settings have it: tokens, scopes, transport, channels, people."""

import time
from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import yaml
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.findings import Finding, fault, ok, reason, warning
from bot.settings import Course, Mode, Settings
from bot.slack.errors import error_of
from bot.slack.manifest import manifest

APP = "https://api.slack.com/apps → your app"
COURSE = "the course's settings (`config` in the chart's values, or the file of TIMONIER_CONFIG)"
EXAMPLE_URL = "https://timonier.example.org/slack/events"
# Slack refuses what was signed more than 5 minutes ago, and so do we.
SKEW_SECONDS, WORST_SKEW_SECONDS = 30, 240
TIMEOUT_SECONDS = 10
AWAY = (aiohttp.ClientError, OSError, TimeoutError)


async def diagnose(settings: Settings, url: str | None) -> AsyncIterator[Finding]:
    """``url``: where Slack calls in HTTP mode. Ends early where nothing more can be seen."""
    client = AsyncWebClient(settings.bot_token, settings.slack_api_url, timeout=TIMEOUT_SECONDS)
    try:
        who = await client.auth_test()
        yield ok("bot token", f"{who['user']} in {who.get('team', who['team_id'])}")
        yield _of_clock(who.headers)
        for finding in _of_scopes(who.headers, settings.course, _paste(settings.mode, url)):
            yield finding
        if settings.mode == "socket":
            yield await _of_app_token(client, settings, str(who.get("bot_id", "")))
        else:
            yield await _of_request_url(settings.signing_secret, url)
        async for finding in _of_course(client, settings.course):
            yield finding
    except SlackApiError as error:
        yield _refused(error, settings.slack_api_url)
    except (SlackClientError, *AWAY) as error:
        yield fault(
            "Slack",
            f"{settings.slack_api_url} does not answer: {reason(error)}",
            "Look at SLACK_API_URL, the proxy and the network policy: 443 must be open to Slack.",
        )


def _paste(mode: Mode, url: str | None) -> str:
    command = "timonier manifest" if mode == "socket" else f"timonier manifest --mode http --url {url or EXAMPLE_URL}"
    return f"{APP} → App Manifest: paste what `{command}` prints, then reinstall the app"


def _refused(error: SlackApiError, api_url: str) -> Finding:
    if (code := error_of(error)) is None:
        return fault("Slack", f"what answers at {api_url} is not Slack", "Leave SLACK_API_URL (slackApiUrl) empty.")
    return fault(
        "bot token",
        f"Slack refuses it: {code}",
        f"Copy it again: {APP} → OAuth & Permissions → Bot User OAuth Token (xoxb-…)",
    )


def _of_clock(headers: Mapping[str, Any]) -> Finding:
    date = headers.get("Date")
    if not date:
        return ok("clock", "Slack names no time to compare it with")
    skew = round(time.time() - parsedate_to_datetime(date).timestamp())
    said = f"{abs(skew)} s {'ahead of' if skew > 0 else 'behind'} Slack's"
    remedy = "Set the machine's clock: timedatectl set-ntp true"
    if abs(skew) > WORST_SKEW_SECONDS:
        return fault("clock", f"{said}: Slack's signatures would be refused", remedy)
    return warning("clock", said, remedy) if abs(skew) > SKEW_SECONDS else ok("clock", said)


def _of_scopes(headers: Mapping[str, Any], course: Course, paste: str) -> list[Finding]:
    """Of the slash command Slack tells nothing, but that its scope was granted with a manifest that has it."""
    given = headers.get("x-oauth-scopes")
    if given is None:
        return [
            warning(
                "scopes",
                "Slack does not name them",
                f"Compare them with `timonier manifest`: {APP} → OAuth & Permissions",
            )
        ]
    granted = {scope.strip() for scope in str(given).split(",")}
    scopes = yaml.safe_load(manifest(None))["oauth_config"]["scopes"]
    asked, optional = set(scopes["bot"]), set(scopes["bot_optional"])
    wanted = asked | ({"usergroups:read"} if course.trainers.user_groups else set())
    found = []
    if missing := sorted(wanted - granted):
        found.append(fault("scopes", f"missing: {', '.join(missing)}", paste))
    if extra := sorted(granted - asked - optional):
        found.append(warning("scopes", f"more than the bot needs: {', '.join(extra)}", paste))
    if "commands" in granted:
        found.append(ok("slash command", "its scope is granted; that /k8s is there, see by typing /k8s help"))
    else:
        found.append(fault("slash command", "/k8s is not registered", paste))
    return found if missing or extra else [ok("scopes", "those of the manifest"), *found]


async def _of_app_token(client: AsyncWebClient, settings: Settings, bot_id: str) -> Finding:
    create = f"{APP} → Basic Information → App-Level Tokens: one with connections:write (xapp-…)"
    try:
        await client.apps_connections_open(app_token=settings.app_token)
    except SlackApiError as error:
        return fault("app token", f"Slack refuses it: {error.response['error']}", create)
    # xapp-1-A0123-…: the app stands in it.
    parts = settings.app_token.split("-")
    app_id = (await client.bots_info(bot=bot_id))["bot"].get("app_id") if bot_id else None
    if app_id and len(parts) > 3 and parts[2] != app_id:
        return fault("app token", f"it is of app {parts[2]}, the bot token of {app_id}", create)
    return ok("app token", "opens a socket")


async def _of_request_url(signing_secret: str, url: str | None) -> Finding:
    """What Slack asks when the URL is entered, asked from here."""
    subject, again = "request URL", f"timonier doctor --mode http --url {EXAMPLE_URL}"
    if url is None:
        return warning(subject, "not looked at", f"Say where Slack calls: {again}")
    body, now = '{"type": "url_verification", "challenge": "timonier"}', str(int(time.time()))
    signature = SignatureVerifier(signing_secret).generate_signature(timestamp=now, body=body)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(signature),
    }
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            said = await answer.text()
    except aiohttp.InvalidURL:
        return fault(subject, f"{url} is no URL", f"A right example: {again}")
    except AWAY as error:
        return fault(subject, f"{url} does not answer: {reason(error)}", "Look at the Ingress and its certificate.")
    if answer.status == 401:
        return fault(
            subject,
            "the bot there has another signing secret",
            f"Copy it again: {APP} → Basic Information → Signing Secret",
        )
    if answer.status != 200 or '"timonier"' not in said:
        return fault(
            subject,
            f"{url} answers {answer.status}, and not as the bot does",
            f"The bot answers at …/slack/events. Look at the Ingress; then {_paste('http', url)}",
        )
    return ok(subject, "answers as Slack asks")


async def _of_course(client: AsyncWebClient, course: Course) -> AsyncIterator[Finding]:
    if not course.trainers.users and not course.trainers.user_groups:
        yield warning(
            "trainers",
            "nobody is one",
            f"Name them in {COURSE}: trainers: {{users: [U01TRAINER], channel: C01TRAINERS}}",
        )
    for user_id in course.trainers.users:
        yield await _of_trainer(client, user_id)
    for group in course.trainers.user_groups:
        yield await _of_group(client, group)
    channels = dict.fromkeys((*course.channels, *filter(None, [course.trainers.channel])))
    if not channels:
        yield warning(
            "channels", "none is named: nobody may use /k8s", f"Name them in {COURSE}: channels: {{C01COURSE: {{}}}}"
        )
    for channel in channels:
        yield await _of_channel(client, channel)


async def _of_channel(client: AsyncWebClient, channel: str) -> Finding:
    subject = f"channel {channel}"
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        return fault(
            subject,
            f"Slack does not show it: {error.response['error']}",
            f"In a private channel, first /invite @timonier; else look at its id in {COURSE}.",
        )
    name = f"#{found.get('name', channel)}"
    if found.get("is_archived"):
        return fault(subject, f"{name} is archived", f"Unarchive it, or name another in {COURSE}.")
    if not found.get("is_member", True):
        return fault(subject, f"the bot is not in {name}", f"Type in {name}: /invite @timonier")
    if found.get("is_ext_shared"):
        return warning(
            subject,
            f"{name} is shared with another workspace, whose people get no answer",
            "Use a channel of your own.",
        )
    return ok(subject, f"the bot is in {name}")


async def _of_trainer(client: AsyncWebClient, user_id: str) -> Finding:
    subject = f"trainer {user_id}"
    try:
        user = (await client.users_info(user=user_id))["user"]
    except SlackApiError as error:
        return fault(
            subject,
            f"Slack does not know them: {error.response['error']}",
            "Profile → ⋮ → Copy member ID gives the id.",
        )
    if user.get("deleted") or user.get("is_bot"):
        return fault(
            subject,
            f"{user.get('name', user_id)} is {'a bot' if user.get('is_bot') else 'deactivated'}",
            f"Take them out of {COURSE}.",
        )
    return ok(subject, str(user.get("name", user_id)))


async def _of_group(client: AsyncWebClient, group: str) -> Finding:
    subject = f"trainers' group {group}"
    try:
        users = (await client.usergroups_users_list(usergroup=group))["users"]
    except SlackApiError as error:
        return fault(
            subject,
            f"Slack does not show it: {error.response['error']}",
            "It takes a paid plan and the scope usergroups:read; else name users.",
        )
    return (
        ok(subject, f"{len(users)} members")
        if users
        else warning(subject, "it has no members", "Add the trainers to it in Slack.")
    )
