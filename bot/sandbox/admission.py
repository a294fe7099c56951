"""Why the API server's admission refuses an object, told from its words: a quota, a policy, PodSecurity."""

import re
from typing import Literal

from bot.language import Text

QUOTA = re.compile(
    r"exceeded quota: (?P<quota>\S+), requested: (?P<asked>.+), used: (?P<used>.+), limited: (?P<limit>.+)"
)
POLICY = re.compile(r"ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request: (?P<message>[\s\S]+)")
POD_SECURITY = re.compile(r'violates? PodSecurity "(?P<level>[^":]*)[^"]*": (?P<found>.+)')
BECAUSE = re.compile(r" \([^()]*\)")
"""Where PodSecurity saw what it refuses."""

Guard = Literal["quota", "policy", "pod-security"]

QUOTA_REACHED = Text("quota du namespace atteint (`{limit}`)", "quota of the namespace reached (`{limit}`)")
BY_POLICY = Text("les règles du bac à sable les refusent", "the rules of the sandbox refuse them")
BY_POD_SECURITY = Text(
    "la règle de sécurité des pods (PodSecurity) les refuse", "the pods' security rule (PodSecurity) refuses them"
)
BY_CLUSTER = Text("le cluster les refuse", "the cluster refuses them")


def guard_of(message: str) -> Guard | None:
    """Which guard of the namespace refused; None for another reason."""
    if QUOTA.search(message):
        return "quota"
    if POLICY.search(message):
        return "policy"
    return "pod-security" if POD_SECURITY.search(message) else None


def reason_of(message: str) -> Text:
    """In a few words, why pods were not created."""
    if quota := QUOTA.search(message):
        return QUOTA_REACHED.format(limit=quota["limit"])
    reasons = {"policy": BY_POLICY, "pod-security": BY_POD_SECURITY}
    return reasons.get(guard_of(message) or "", BY_CLUSTER)
