"""A cluster of one's own in the place of ours: its owner sees what will be installed and agrees; all of it stays."""

import json
import shlex
import shutil
import sys
from pathlib import Path
from types import TracebackType

from rich.console import Console

from bot.language import Lang, Text
from bot.playground.controlplane import Cluster, Target, ToolFailed, binaries, external_cluster
from bot.playground.installation import NAMESPACES, RELEASE, SECRET

PLAN = Text(
    """\
Le playground va installer, par helm upgrade --install, sur ce cluster :
  contexte {context}, serveur {url}

  namespace {release} : le chart timonier (un compte de service, un Secret) ; le bot lui-même tourne ici
  namespaces {namespaces} : le bac à sable, ses quotas et règles réseau, et quatre déploiements s'ils manquent
  pour tout le cluster : des rôles et des politiques d'admission qui ne visent que ces namespaces
  dans kube-system : le droit de regarder pods, services et workloads

À la fin, tout cela reste en place, et je dis comment l'enlever.""",
    """\
The playground is going to install, by helm upgrade --install, on this cluster:
  context {context}, server {url}

  namespace {release}: the chart timonier (a service account, a Secret); the bot itself runs here
  namespaces {namespaces}: the sandbox, its quotas and network policies, and four deployments if they are missing
  for the whole cluster: roles, and admission policies that are about these namespaces alone
  in kube-system: the right to look at pods, services and workloads

In the end all of it stays, and I say how to remove it.""",
)
ASK = Text("Continuer ? [o/N] ", "Go on? [y/N] ")
UNASKED = Text(
    "--kubeconfig installe sur un cluster et demande d'abord ; personne ne peut répondre ici. Ajoutez --yes.",
    "--kubeconfig installs on a cluster and asks first; nobody can answer here. Add --yes.",
)
DECLINED = Text("rien n'a été installé.", "nothing was installed.")
FOREIGN = Text(
    "le cluster {url} a déjà un Timonier qui n'est pas celui du playground (release {release}, namespace {release}) : "
    "rien n'a été changé. Prenez un autre cluster.",
    "the cluster {url} already has a Timonier that is not the playground's (release {release}, namespace {release}): "
    "nothing was changed. Take another cluster.",
)
LEFT = Text(
    """\
Sur {url}, ce qui a été installé reste en place. Pour l'enlever :
  helm --kubeconfig {kubeconfig} uninstall {release} --namespace {release}
  kubectl --kubeconfig {kubeconfig} delete namespace {release} {namespaces}""",
    """\
On {url}, what was installed stays. To remove it:
  helm --kubeconfig {kubeconfig} uninstall {release} --namespace {release}
  kubectl --kubeconfig {kubeconfig} delete namespace {release} {namespaces}""",
)


class NotAgreed(RuntimeError):
    """Nobody agreed to what would be installed, or the cluster has a bot of its own; the text says which."""


def agree(kubeconfig: Path, lang: Lang, console: Console) -> None:
    """Shows what will be installed where, and asks; raises NotAgreed, and NoCluster."""
    target = Target.of(kubeconfig)
    plan = PLAN.format(context=target.context, url=target.url, release=RELEASE, namespaces=", ".join(NAMESPACES))
    console.print(plan[lang], markup=False, soft_wrap=True)
    if not sys.stdin.isatty():
        raise NotAgreed(UNASKED[lang])
    if console.input(ASK[lang], markup=False).strip().lower() not in ("o", "oui", "y", "yes"):
        raise NotAgreed(DECLINED[lang])


class OwnCluster:
    """``with OwnCluster(…) as cluster``, as with ControlPlane; it is neither started nor stopped."""

    def __init__(self, kubeconfig: Path, folder: Path, lang: Lang) -> None:
        folder.mkdir(mode=0o700)
        self._kubeconfig = kubeconfig
        self._lang: Lang = lang
        self.cluster = external_cluster(_tools(folder / "bin"), folder, kubeconfig)

    def __enter__(self) -> Cluster:
        if self._release_is_foreign():
            raise NotAgreed(FOREIGN.format(url=self.cluster.url, release=RELEASE)[self._lang])
        return self.cluster

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """It stays as it is."""

    def check(self) -> None:
        """Nothing of it is ours to watch."""

    def how_to_remove(self) -> str:
        where = {"url": self.cluster.url, "kubeconfig": shlex.quote(str(self._kubeconfig))}
        return LEFT.format(**where, release=RELEASE, namespaces=" ".join(NAMESPACES))[self._lang]

    def _release_is_foreign(self) -> bool:
        got = self.cluster.run("helm", "get", "values", RELEASE, "--namespace", RELEASE, "--output", "json")
        if got.returncode:
            if "not found" not in got.stderr:
                raise ToolFailed(f"helm get values: {got.stderr.strip()}")
            return False
        return (json.loads(got.stdout) or {}).get("existingSecret") != SECRET


def _tools(folder: Path) -> Path:
    """A folder with the kubectl and helm of PATH, or where ours are, or will be, built."""
    found = {name: shutil.which(name) for name in ("kubectl", "helm")}
    if not all(found.values()):
        return binaries()
    folder.mkdir()
    for name, program in found.items():
        (folder / name).symlink_to(str(program))
    return folder
