"""The measures tell their figures, which the assertions alone would hide."""

from collections.abc import Callable

import pytest


@pytest.fixture
def report(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    def report(**figures: object) -> None:
        with capsys.disabled():
            shown = (
                f"{name}={f'{figure:.3f}' if isinstance(figure, float) else figure}" for name, figure in figures.items()
            )
            print(f"\n{request.node.name}: {', '.join(shown)}")  # noqa: T201

    return report
