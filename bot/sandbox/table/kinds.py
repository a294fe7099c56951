"""The types that the commands take, named once."""

from bot.sandbox.table.rows import Kind

PODS, SERVICES, EVENTS = Kind("pods"), Kind("services"), Kind("events")
NODES, NAMESPACES = Kind("nodes"), Kind("namespaces")
QUOTAS, LIMIT_RANGES = Kind("resourcequotas"), Kind("limitranges")
SLICES = Kind("endpointslices", "discovery.k8s.io")
DEPLOYMENTS, REPLICA_SETS = Kind("deployments", "apps"), Kind("replicasets", "apps")
STATEFUL_SETS, DAEMON_SETS = Kind("statefulsets", "apps"), Kind("daemonsets", "apps")
CONTROLLER_REVISIONS = Kind("controllerrevisions", "apps")
POD_METRICS, NODE_METRICS = Kind("pods", "metrics.k8s.io"), Kind("nodes", "metrics.k8s.io")
JOBS = Kind("jobs", "batch")
CONTROLLERS = (DEPLOYMENTS, REPLICA_SETS, Kind("replicationcontrollers"))
WORKLOADS = (
    PODS,
    SERVICES,
    *CONTROLLERS,
    STATEFUL_SETS,
    DAEMON_SETS,
    JOBS,
    Kind("cronjobs", "batch"),
    Kind("horizontalpodautoscalers", "autoscaling"),
)
WITH_THEM = (EVENTS, SLICES, LIMIT_RANGES, QUOTAS)
"""What `describe` shows along with workloads and namespaces."""
AROUND_THEM = (
    Kind("configmaps"),
    Kind("endpoints"),
    Kind("ingresses", "networking.k8s.io"),
    Kind("networkpolicies", "networking.k8s.io"),
    Kind("persistentvolumeclaims"),
)
