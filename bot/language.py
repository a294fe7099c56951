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
        return Text(self.fr.format(**fields), self.en.format(**fields))
