"""The commands that change something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.sandbox.changes import Change
from bot.sandbox.commands.command import Command, Target
from bot.sandbox.discovery import Resource


@dataclass(frozen=True, slots=True)
class Write(Command):
    """Changes ``targets``, in one namespace."""

    targets: tuple[Target, ...]

    @property
    def namespaced(self) -> bool:
        return True

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The types that it touches, each once."""
        return tuple(dict.fromkeys(target.resource for target in self.targets))


@dataclass(frozen=True, slots=True)
class WriteMany(Write):
    """Changes ``targets``, or else what ``lists`` hold with the selector."""

    lists: tuple[Resource, ...] = ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        return (*self.lists, *super(WriteMany, self).resources)

    @property
    def selector(self) -> str:
        return self.words.flags.get("selector", "")

    @property
    def chooses(self) -> bool:
        return bool(self.lists)

    def limited_to(self, changes: Sequence[Change]) -> Self:
        if not self.lists:
            return self
        types = {resource.label: resource for resource in self.lists}
        shown = tuple(Target(types[change.kind], change.name, change.uid) for change in changes)
        return replace(self, targets=shown, lists=())


@dataclass(frozen=True, slots=True)
class RolloutUndo(WriteMany):
    """``revision``: the one to go back to, 0 for the one before."""

    revision: int = 0


@dataclass(frozen=True, slots=True)
class RolloutRestart(WriteMany):
    pass


@dataclass(frozen=True, slots=True)
class RolloutPause(WriteMany):
    """`pause`, or `resume` where not ``paused``."""

    paused: bool = True


@dataclass(frozen=True, slots=True)
class Scale(Write):
    """``current`` is the number there must be now, None for any."""

    replicas: int
    current: int | None = None


@dataclass(frozen=True, slots=True)
class Expose(Write):
    """Empty fields are taken from the object that is exposed."""

    ports: tuple[int, ...] = ()
    target_port: str = ""
    type: str = ""
    name: str = ""
    protocol: str = ""
    selector: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CreateDeployment(Write):
    """The one target is what is to be made. ``port``: of the first container, None for none."""

    images: tuple[str, ...]
    replicas: int = 1
    port: int | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetImage(Write):
    """``images`` by container; `*` is all of them."""

    images: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Label(WriteMany):
    """``labels``: None takes one away."""

    labels: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def overwrites(self) -> bool:
        return self.words.switch("overwrite")


@dataclass(frozen=True, slots=True)
class Delete(WriteMany):
    """``grace``: the seconds that pods have to stop, None for their own."""

    grace: int | None = None

    @property
    def ignores_missing(self) -> bool:
        """What was not named may be gone before its turn comes."""
        return bool(self.lists) or any(target.uid for target in self.targets) or self.words.switch("ignore-not-found")
