"""What is told about a setting that is missing or wrong."""

from bot.language import Text

RIGHT = "Un exemple juste / A right example:"


class SettingsError(Exception):
    """A setting is missing or wrong; the text is for the operator and holds no secret."""

    @classmethod
    def of(cls, name: str, what: Text, example: str) -> "SettingsError":
        """A variable's; ``what`` continues its name."""
        return cls(f"{name}: {what.fr} / {what.en}.\n{RIGHT} {name}={example}")
