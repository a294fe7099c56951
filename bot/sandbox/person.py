"""Who is acting on the sandbox, as Kubernetes knows them."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["student", "trainer"]


@dataclass(frozen=True, slots=True)
class Person:
    """``namespaces`` are the sandbox namespaces of this person, the default one first (a trainer has them all)."""

    user_id: str
    role: Role
    namespaces: tuple[str, ...]
