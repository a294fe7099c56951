"""Everything that the bot stands on, looked at in order; nothing is changed."""

from collections.abc import AsyncIterator, Mapping

from bot.findings import Finding, fault, ok
from bot.journal import diagnosis as journal
from bot.knowledge import DEFAULT_FOLDER, KnowledgeError, load_entries
from bot.sandbox import diagnosis as sandbox
from bot.sandbox.access import Places
from bot.settings import Mode, Settings, SettingsError, course, database_url, knowledge_folder, kubeconfig
from bot.slack import diagnosis as slack


async def diagnose(environ: Mapping[str, str], mode: Mode, url: str | None) -> AsyncIterator[Finding]:
    """``url``: where Slack calls in HTTP mode. A setting that is wrong is told once, and what needs it is left out."""
    wrong: set[str] = set()
    for look in (_slack, _cluster, _database, _knowledge):
        try:
            async for finding in look(environ, mode, url):
                yield finding
        except SettingsError as error:
            if str(error) not in wrong:
                yield fault("settings", str(error), "docs/settings.md has them all.")
            wrong.add(str(error))


async def _slack(environ: Mapping[str, str], mode: Mode, url: str | None) -> AsyncIterator[Finding]:
    async for finding in slack.diagnose(Settings.from_environment(environ, mode), url):
        yield finding


async def _cluster(environ: Mapping[str, str], *_: object) -> AsyncIterator[Finding]:
    config = course(environ)
    places = Places(config.namespaces, config.read_only_namespaces, config.students_write)
    if not config.namespaces:
        yield fault(
            "namespaces",
            "no sandbox is named: nobody may do anything",
            "In the chart's values: sandbox: {namespaces: [equipe-rouge]}; in the file of TIMONIER_CONFIG: namespaces",
        )
    async for finding in sandbox.diagnose(kubeconfig(environ), places):
        yield finding


async def _database(environ: Mapping[str, str], *_: object) -> AsyncIterator[Finding]:
    yield await journal.diagnose(database_url(environ))


async def _knowledge(environ: Mapping[str, str], *_: object) -> AsyncIterator[Finding]:
    try:
        entries = load_entries(knowledge_folder(environ) or DEFAULT_FOLDER)
    except KnowledgeError as error:
        yield fault("knowledge base", str(error), "timonier knowledge check")
    else:
        yield ok("knowledge base", f"{len(entries)} entries")
