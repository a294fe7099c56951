"""The composition root: Settings in, a running bot out. It opens everything in order and closes it in reverse."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import metrics
from bot.errors import BotError
from bot.helpdesk import Helpdesk
from bot.journal import FAILURES as JOURNAL_FAILURES
from bot.journal import Journal
from bot.knowledge import DEFAULT_FOLDER, KnowledgeBase, load_entries
from bot.language import Text
from bot.sandbox import Sandbox
from bot.settings import Settings, SettingsError
from bot.slack.surface import Surface

log = logging.getLogger(__name__)

# Slack's own are far shorter; aiohttp answers 413 beyond it.
_LONGEST_REQUEST = 1024 * 1024
_DAY_SECONDS = 24 * 60 * 60


NOT_OPENED = Text(
    "ce port ne s'ouvre pas à l'adresse de TIMONIER_HOST ({error})",
    "this port cannot be opened at the address of TIMONIER_HOST ({error})",
)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[None]:
    """The whole bot, connected to Slack, with its probes on ``settings.port``; in HTTP mode Slack calls there, too."""
    knowledge = KnowledgeBase(load_entries(settings.knowledge or DEFAULT_FOLDER))
    knowledge.warm()
    course = settings.course
    places = (course.namespaces, course.read_only_namespaces, course.students_write)
    async with (
        Journal.open(settings.database_url) as journal,
        Sandbox.open(settings.kubeconfig, *places) as sandbox,
        Surface.open(settings, Helpdesk(knowledge, sandbox, journal, settings.preparing), journal) as surface,
        _probes(settings.host, settings.port, surface, sandbox, journal),
        _retention(journal, timedelta(days=course.retention_days)),
    ):
        log.info("ready: %d entries, namespaces %s", len(knowledge.entries), ", ".join(course.namespaces))
        yield


async def serve(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT, then ends cleanly: the socket first, then the work under way.

    Also while it is starting: it waits for Slack as long as it takes.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    run = asyncio.create_task(_run(settings))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({run, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    run.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await run


async def _run(settings: Settings) -> None:
    async with running(settings):
        try:
            await asyncio.Event().wait()
        finally:
            log.info("stopping")


@asynccontextmanager
async def _retention(journal: Journal, kept: timedelta) -> AsyncIterator[None]:
    forgetting = asyncio.create_task(_forget_daily(journal, kept))
    try:
        yield
    finally:
        forgetting.cancel()


async def _forget_daily(journal: Journal, kept: timedelta) -> None:
    while True:
        try:
            await journal.give_up(datetime.now(UTC))
            forgotten = await journal.privacy.expire(datetime.now(UTC) - kept)
            log.info("forgot %d inputs older than %d days", forgotten, kept.days)
        except JOURNAL_FAILURES:
            log.exception("what is too old is forgotten tomorrow")
        await asyncio.sleep(_DAY_SECONDS)


@asynccontextmanager
async def _probes(
    host: str | None, port: int, surface: Surface, sandbox: Sandbox, journal: Journal
) -> AsyncIterator[None]:
    async def livez(_: web.Request) -> web.Response:
        alive = await surface.alive()
        return web.json_response(
            {"slack": "ok" if alive else "disconnected for too long"}, status=200 if alive else 503
        )

    async def readyz(_: web.Request) -> web.Response:
        parts = {
            "slack": "ok" if await surface.connected() else "disconnected",
            "kubernetes": await _reason(sandbox.ready()),
            "journal": await _reason(journal.ready()),
        }
        ready = all(state == "ok" for state in parts.values())
        return web.json_response(parts, status=200 if ready else 503)

    async def show_metrics(_: web.Request) -> web.Response:
        with contextlib.suppress(*JOURNAL_FAILURES):  # then they are as they were
            size, owed = await journal.size()
            metrics.JOURNAL.set(size)
            metrics.OWED.set(owed)
        metrics.TASKS.set(len(asyncio.all_tasks()))
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(client_max_size=_LONGEST_REQUEST)
    app.router.add_routes(surface.routes)
    app.router.add_get("/metrics", show_metrics)
    app.router.add_get("/livez", livez)
    app.router.add_get("/readyz", readyz)
    async with _listening(app, host, port):
        yield


@asynccontextmanager
async def _listening(app: web.Application, host: str | None, port: int) -> AsyncIterator[None]:
    """Raises SettingsError."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError.of("PORT", NOT_OPENED.format(error=error.strerror), "8080") from error
        yield
    finally:
        await runner.cleanup()


async def _reason(check: Awaitable[object]) -> str:
    try:
        await check
    except BotError as error:
        return error.text.en
    except Exception as error:  # noqa: BLE001  # whatever is wrong, the probe says so and goes on
        return type(error).__name__
    return "ok"
