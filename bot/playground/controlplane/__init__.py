"""A real Kubernetes control plane (etcd, API server, controllers, scheduler, Helm) without Docker and without root.

Only the node is played, by kwok: its pods say Running, and no container runs. ``build`` gives the programs,
``ControlPlane`` runs them on free ports of 127.0.0.1, ``Cluster`` is what both it and any other cluster offer.
"""

from bot.playground.controlplane.build import USUAL_SECONDS, BuildFailed, Report, binaries, build
from bot.playground.controlplane.cluster import Cluster, NoCluster, Target, ToolFailed, external_cluster
from bot.playground.controlplane.plane import ControlPlane, StartTimeout

__all__ = [
    "USUAL_SECONDS",
    "BuildFailed",
    "Cluster",
    "ControlPlane",
    "NoCluster",
    "Report",
    "StartTimeout",
    "Target",
    "ToolFailed",
    "binaries",
    "build",
    "external_cluster",
]
