"""`rollout`: how a new version of a workload comes up, the versions that it had, and going back to one."""

from bot.sandbox.rollouts.history import history
from bot.sandbox.rollouts.status import status

__all__ = ["history", "status"]
