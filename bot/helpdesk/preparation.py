"""The time before there is a cluster, in the playground."""

import json
from pathlib import Path

from bot.errors import Unavailable
from bot.language import Text

PREPARING = Text(
    "Le bac à sable se prépare encore : {step} (d'habitude {seconds} s en tout). "
    "Je le dirai dans le canal du bac à sable. En attendant, posez-moi vos questions sur le cours.",
    "The sandbox is still being prepared: {step} (usually {seconds} s in all). "
    "I will say so in the sandbox channel. Meanwhile, ask me about the course.",
)


class Preparation:
    """``preparing``: a file that exists while the playground prepares the cluster, with the step as JSON."""

    def __init__(self, preparing: Path | None) -> None:
        self._preparing = preparing

    def check_done(self) -> None:
        """Raises Unavailable."""
        if self._preparing is None:
            return
        try:
            status = json.loads(self._preparing.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        step = Text(status["step"]["fr"], status["step"]["en"])
        raise Unavailable(PREPARING.format(step=step, seconds=status["seconds"]))
