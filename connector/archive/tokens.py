"""Texts as an exported model reads them: cut into tokens, then laid side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connector.archive.model_files import TOKENIZER, read_facts
from connector.errors import ModelUnavailable


class Tokens:
    """The tokenizer of one exported model. Thread-safe.

    :raises ModelUnavailable: its files are missing or broken, or tokenizers is not installed here.
    """

    def __init__(self, folder: Path) -> None:
        told = read_facts(folder)
        self.most = int(told["max_tokens"])
        self._inputs: list[str] = list(told["inputs"])
        try:
            from tokenizers import Tokenizer

            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except ImportError as error:
            raise ModelUnavailable("tokenizers is not installed here.") from error
        except Exception as error:
            # The library raises bare Exceptions; whatever it is, the model cannot serve and words alone carry on.
            raise ModelUnavailable(f"The model's files cannot be read ({type(error).__name__}).") from error
        self._filler = int((self._tokenizer.padding or {}).get("pad_id", 0))
        self._tokenizer.enable_truncation(self.most)
        self._tokenizer.no_padding()

    def read(self, texts: Sequence[str]) -> list[Any]:
        """One encoding a text, not filled up; an empty text is read as a space."""
        return list(self._tokenizer.encode_batch([text or " " for text in texts]))

    def columns(self, some: Sequence[Any], width: int) -> dict[str, NDArray[np.int64]]:
        """What the model is fed with: by its inputs' names (n, width), filled up behind the words and masked there."""
        shape = (len(some), width)
        columns = {
            "input_ids": np.full(shape, self._filler, dtype=np.int64),
            "attention_mask": np.zeros(shape, dtype=np.int64),
            "token_type_ids": np.zeros(shape, dtype=np.int64),
        }
        for place, one in enumerate(some):
            columns["input_ids"][place, : len(one.ids)] = one.ids
            columns["attention_mask"][place, : len(one.ids)] = 1
            columns["token_type_ids"][place, : len(one.ids)] = one.type_ids
        return {name: columns[name] for name in self._inputs}
