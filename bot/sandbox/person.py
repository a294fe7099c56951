"""Who is acting on the sandbox, as Kubernetes knows them."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["student", "trainer"]


@dataclass(frozen=True, slots=True)
class Person:
    """``namespaces`` are the sandbox namespaces of this person, the default one first (a trainer has them all).

    ``proposed_by``: the Slack user whose proposal this person carries out.
    """

    user_id: str
    role: Role
    namespaces: tuple[str, ...]
    proposed_by: str | None = None
