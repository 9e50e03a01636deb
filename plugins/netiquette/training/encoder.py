"""The encoder's own training: the layers of all-MiniLM-L6-v2 learn whom a text attacks. Needs torch; half an hour.

First public texts on civility, then ours, with some of the public ones kept in between. Word vectors stay as they are:
rare words of our texts must not become signs.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plugins.netiquette.head.encoder import base_model, changes_between, fingerprint
from plugins.netiquette.head.scoring import STRETCH
from plugins.netiquette.prepared_text import prepare
from plugins.netiquette.training.assembling import Answers
from plugins.netiquette.training.balance import balanced
from plugins.netiquette.training.texts import Labelled

ROUNDS = 4
_TOGETHER, _LONGEST = 32, 96
_FASTEST = 1e-4
_BESIDE = 5
"""One public text for so many of ours, so that what was learned of them first is not forgotten."""
_OWN, _CIVIL = 0, 1
Say = Callable[[str], None]
Batch = Sequence[tuple[str, float, float]]
"""Prepared text, label, weight."""


@dataclass
class Network:
    """The encoder under training, and its two answers: to our texts, and to public ones."""

    encoder: Any
    answer: Any
    tokenizer: Any


def fresh() -> Network:
    """The base model as it ships, its word vectors frozen. :raises ModelUnavailable: it is not installed."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(0)
    where = str(base_model())
    encoder = AutoModel.from_pretrained(where, attn_implementation="eager")
    for one in encoder.embeddings.parameters():
        one.requires_grad = False
    return Network(encoder, torch.nn.Linear(encoder.config.hidden_size, 2), AutoTokenizer.from_pretrained(where))


def trained_first(civility: Sequence[Labelled], say: Say) -> dict[str, Any]:
    """What public texts teach, for all that follows; nothing of ours is in it."""
    network = fresh()
    _learn(network, [(_CIVIL, one) for one in _batches(_rows(civility), 0)], say)
    return _copied(network)


def trained(texts: Sequence[Labelled], civility: Sequence[Labelled], first: dict[str, Any] | None, say: Say) -> Network:
    """The network after our texts."""
    import torch

    network = fresh()
    if first is not None:
        network.encoder.load_state_dict(first["encoder"])
        network.answer.load_state_dict(first["answer"])
        with torch.no_grad():
            network.answer.weight[_OWN] = network.answer.weight[_CIVIL]
            network.answer.bias[_OWN] = network.answer.bias[_CIVIL]
    own, others = _rows(texts), _rows(civility)
    plan: list[tuple[int, Batch]] = []
    for turn in range(ROUNDS):
        mixed = [(_OWN, one) for one in _batches(own, turn)]
        beside = random.Random(turn).sample(others, min(len(own) // _BESIDE, len(others)))
        mixed += [(_CIVIL, one) for one in _batches(beside, turn)]
        random.Random(turn).shuffle(mixed)
        plan += mixed
    _learn(network, plan, say)
    return network


def vectors_of(network: Network, texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit rows, as the exported encoder gives them."""
    import torch

    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    rows = np.zeros((len(texts), network.encoder.config.hidden_size), dtype=np.float32)
    network.encoder.eval()
    with torch.no_grad():
        for start in range(0, len(order), _TOGETHER):
            places = order[start : start + _TOGETHER]
            rows[places] = _pooled(network, [texts[one] for one in places], longest=256).numpy()
    return rows


def answers(
    texts: Sequence[Labelled], fold: Sequence[int], network_of: Callable[[int], Network], final: Network
) -> Answers:
    """What each fold's network says of the texts it has not seen, sentence by sentence too; `final` is what ships."""
    inputs = {name: np.zeros(len(texts)) for name in ("own", "civil", "sentence", "sentence_civil")}
    vectors = np.zeros((len(texts), final.encoder.config.hidden_size), dtype=np.float32)
    for part in sorted(set(fold)):
        network = network_of(part)
        places = [place for place, one in enumerate(fold) if one == part]
        read = [prepare(texts[place].text) for place in places]
        asked = list(dict.fromkeys(one for it in read for one in ((it.text or "."), *it.sentences)))
        rows = vectors_of(network, asked)
        reader = _reader(network)
        meant = (rows * STRETCH) @ reader[:, :-1].T + reader[:, -1]
        by_text = {one: (rows[at], meant[at]) for at, one in enumerate(asked)}
        for place, it in zip(places, read, strict=True):
            vectors[place], (own, civil) = by_text[it.text or "."]
            each = [by_text[one][1] for one in it.sentences] or [(own, civil)]
            inputs["own"][place], inputs["civil"][place] = own, civil
            inputs["sentence"][place] = max(one[0] for one in each)
            inputs["sentence_civil"][place] = max(one[1] for one in each)
    return Answers(inputs, vectors, _reader(final), fingerprint(base_model()))


def changes(network: Network) -> dict[str, NDArray[Any]]:
    """What training changed in the base model, as it ships."""
    from safetensors.numpy import load_file

    before = load_file(base_model() / "model.safetensors")
    after = {name: rows.detach().float().numpy() for name, rows in network.encoder.state_dict().items()}
    known = {name: rows for name, rows in before.items() if name in after and not name.endswith("position_ids")}
    found: dict[str, NDArray[Any]] = dict(changes_between(known, after))
    found["base"] = np.array(fingerprint(base_model()))
    return found


def save_changes(network: Network, path: Path) -> None:
    """Write what training changed; the same network gives the same bytes."""
    found = changes(network)
    np.savez_compressed(path, **{name: found[name] for name in sorted(found)})  # type: ignore[arg-type]


def _learn(network: Network, plan: Sequence[tuple[int, Batch]], say: Say) -> None:
    import torch

    torch.manual_seed(0)
    moving = [one for one in network.encoder.parameters() if one.requires_grad]
    groups = [{"params": moving, "weight_decay": 0.01}, {"params": network.answer.parameters(), "weight_decay": 0.0}]
    steps = torch.optim.AdamW(groups, lr=_FASTEST, fused=True)
    network.encoder.train()
    for at, (which, batch) in enumerate(plan):
        speed = _FASTEST * min(1.0, (at + 1) / 40) * max(0.02, 1 - at / len(plan))
        steps.param_groups[0]["lr"], steps.param_groups[1]["lr"] = speed, 20 * speed
        said = network.answer(_pooled(network, [text for text, _, _ in batch]) * STRETCH)[:, which]
        wanted = torch.tensor([label for _, label, _ in batch])
        weights = torch.tensor([weight for _, _, weight in batch])
        wrong = torch.nn.functional.binary_cross_entropy_with_logits(said, wanted, weight=weights)
        steps.zero_grad()
        wrong.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(moving, 1.0)
        steps.step()
        if at % 100 == 99:
            say(f"  {at + 1} of {len(plan)} steps, off by {wrong.item():.3f}")


def _pooled(network: Network, texts: Sequence[str], longest: int = _LONGEST) -> Any:
    import torch

    told = network.tokenizer(list(texts), truncation=True, max_length=longest, padding=True, return_tensors="pt")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = network.encoder(**told).last_hidden_state.float()
    mask = told["attention_mask"].unsqueeze(-1).float()
    return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)


def _rows(texts: Sequence[Labelled]) -> list[tuple[str, float, float]]:
    if not texts:
        return []
    weights = balanced(texts) if any(one.label == "breach" for one in texts) else np.ones(len(texts))
    return [(one.prepared, float(one.breach), float(weight)) for one, weight in zip(texts, weights, strict=True)]


def _batches(rows: Sequence[tuple[str, float, float]], turn: int) -> Iterator[Batch]:
    """Texts of about one length together: nothing is computed for padding."""
    chance = random.Random(turn)
    order = list(range(len(rows)))
    chance.shuffle(order)
    found = []
    for start in range(0, len(order), 20 * _TOGETHER):
        some = sorted(order[start : start + 20 * _TOGETHER], key=lambda place: len(rows[place][0]))
        found += [[rows[one] for one in some[at : at + _TOGETHER]] for at in range(0, len(some), _TOGETHER)]
    chance.shuffle(found)
    return iter(found)


def _reader(network: Network) -> NDArray[np.float32]:
    weight, start = network.answer.weight.detach().numpy(), network.answer.bias.detach().numpy()
    return np.column_stack([weight, start]).astype(np.float32)


def _copied(network: Network) -> dict[str, Any]:
    return {
        "encoder": {name: one.detach().clone() for name, one in network.encoder.state_dict().items()},
        "answer": {name: one.detach().clone() for name, one in network.answer.state_dict().items()},
    }
