"""Whether a model says the same in bf16 as in f32; tried once, when it is exported."""

from pathlib import Path

from connector.archive.model_check import SENTENCES
from connector.archive.openvino_embedding import OpenVinoEmbedder, knows_bf16, openvino_is_here

AGREEMENT = 0.9999
"""The least cosine of a text's two rows: MiniLM's is .99997, and a text's nearest are the same then."""


def agrees_in_bf16(folder: Path) -> bool | None:
    """Whether short and long texts have the same rows in both; None where this machine cannot tell.

    :raises ModelUnavailable: the exported model in `folder` cannot be used here.
    """
    if not openvino_is_here() or not knows_bf16():
        return None
    texts = [*SENTENCES, *(" ".join(SENTENCES[start : start + 8]) for start in range(0, len(SENTENCES), 4))]
    short, whole = (OpenVinoEmbedder(folder, precision=one).embed(texts) for one in ("bf16", "f32"))
    return bool((short * whole).sum(axis=1).min() >= AGREEMENT)
