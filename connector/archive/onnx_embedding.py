"""Vectors without torch: an exported model, onnxruntime and tokenizers; for queries, and for indexing."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from connector.archive.model_files import TOKENIZER, WEIGHTS, ModelFacts, read_facts
from connector.errors import ModelUnavailable

_TOKENS_PER_BATCH = 4_096


class OnnxEmbedder:
    """Exactly one exported model. Thread-safe: onnxruntime's sessions and tokenizers' encoders are.

    :raises ModelUnavailable: the files are missing, broken, or of a kind this machine cannot run.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        told = read_facts(folder)
        self.facts = ModelFacts.read(folder)
        self.dim = self.facts.dim
        self._inputs: list[str] = list(told["inputs"])
        self._pad = int(told["pad_id"])
        try:
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads or min(os.cpu_count() or 1, 4)
            # Memory that one long batch needed is given back, rather than kept for the life of the process.
            options.enable_cpu_mem_arena = False
            weights = str(folder / WEIGHTS[self.facts.backend])
            self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except ImportError as error:
            raise ModelUnavailable("onnxruntime and tokenizers are not installed here.") from error
        except Exception as error:
            # Both libraries raise bare Exceptions; whatever it is, the model cannot serve and words alone carry on.
            raise ModelUnavailable(f"The model's files cannot be read ({type(error).__name__}).") from error
        self._tokenizer.enable_truncation(int(told["max_tokens"]))
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, one a text; texts of like length share a batch, so that little is computed for padding."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        encoded = self._tokenizer.encode_batch([text or " " for text in texts])
        for batch in _batches([len(one.ids) for one in encoded]):
            width = max(len(encoded[place].ids) for place in batch)
            columns = {
                "input_ids": np.full((len(batch), width), self._pad, dtype=np.int64),
                "attention_mask": np.zeros((len(batch), width), dtype=np.int64),
                "token_type_ids": np.zeros((len(batch), width), dtype=np.int64),
            }
            for line, place in enumerate(batch):
                one = encoded[place]
                columns["input_ids"][line, : len(one.ids)] = one.ids
                columns["attention_mask"][line, : len(one.ids)] = 1
                columns["token_type_ids"][line, : len(one.ids)] = one.type_ids
            rows[batch] = self._session.run(None, {name: columns[name] for name in self._inputs})[0]
        return rows


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts by length, longest first, as many as fit into one batch of tokens with their padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda one: -lengths[one]):
        widest = lengths[batch[0]] if batch else lengths[place]
        if batch and widest * (len(batch) + 1) > _TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
