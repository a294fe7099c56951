"""The two languages that people read here, and a sentence written in both."""

from dataclasses import dataclass
from typing import Literal

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence (or several) in French and in English: ``text["fr"]``."""

    fr: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.fr if lang == "fr" else self.en

    def format(self, **fields: object) -> "Text":
        """Filled in both languages; a field that is a Text itself goes into each in that language."""
        return Text(
            *(
                self[lang].format(**{k: v[lang] if isinstance(v, Text) else v for k, v in fields.items()})
                for lang in LANGS
            )
        )
