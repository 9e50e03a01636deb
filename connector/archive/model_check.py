"""What `passerelle model check` says: which model answers here, how fast, and which languages it knows."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from connector.archive.backends import ExportedEmbedder

# Pairs of sentences that say the same; a model that knows a language puts partners next to each other.
_PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("How do I reset my password?", "I cannot log in any more and need a new secret word."),
        ("The printer on the second floor is jammed.", "Paper is stuck in our printing machine upstairs."),
        ("When does the canteen open?", "At what time can we have lunch at work?"),
        ("My holiday request was refused.", "The boss said no to my days off."),
        ("The invoice was paid twice.", "We sent the supplier the money two times by mistake."),
        ("The boiler makes a strange noise.", "Odd sounds come out of the heating."),
    ),
    "fr": (
        ("Comment réinitialiser mon mot de passe ?", "Je n'arrive plus à me connecter, il me faut un nouveau code."),
        ("L'imprimante du deuxième est bloquée.", "Du papier est coincé dans la machine à l'étage."),
        ("À quelle heure ouvre la cantine ?", "Quand peut-on déjeuner au travail ?"),
        ("Ma demande de congés a été refusée.", "Le chef a dit non pour mes jours de repos."),
        ("La facture a été payée deux fois.", "On a versé l'argent au fournisseur en double par erreur."),
        ("La chaudière fait un bruit bizarre.", "Des sons étranges sortent du chauffage."),
    ),
}
SENTENCES = tuple(one for pairs in _PAIRS.values() for pair in pairs for one in pair)
"""Everyday sentences in English and French."""
_SENTENCE = "the pump at the bottom of the garden has lost its pressure again and nobody knows why"
_KNOWS = 0.75


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """Speeds in posts of a hundred words a second and milliseconds a question; `languages` by share of pairs found.

    "fr-en" tells whether a French question finds its English answer. A language counts as known from three quarters.
    `precision` is what the model is computed in here: bf16, f32 or int8.
    """

    precision: str
    posts_per_second: float
    question_ms: float
    languages: Mapping[str, float]

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(name for name, share in self.languages.items() if share >= _KNOWS)


def check(embedder: ExportedEmbedder) -> ModelCheck:
    """Measure a model on this machine, in some seconds. :raises ModelUnavailable: it cannot be used here."""
    words = _SENTENCE.split()
    texts = [" ".join((words * 10)[start : start + 100]) for start in range(64)]
    # What is made once for texts of a length, in a worker's life, is not measured.
    embedder.embed(texts[:16])
    start = time.perf_counter()
    embedder.embed(texts)
    per_second = len(texts) / (time.perf_counter() - start)
    waits = []
    for left, _ in _PAIRS["en"]:
        start = time.perf_counter()
        embedder.embed([left])
        waits.append((time.perf_counter() - start) * 1000)
    shares = {name: _share(embedder, pairs) for name, pairs in _PAIRS.items()}
    across = tuple((french[0], english[0]) for french, english in zip(_PAIRS["fr"], _PAIRS["en"], strict=True))
    shares["fr-en"] = _share(embedder, across)
    return ModelCheck(embedder.precision, round(per_second, 1), round(float(np.median(waits)), 1), shares)


def _share(embedder: ExportedEmbedder, pairs: tuple[tuple[str, str], ...]) -> float:
    left = embedder.embed([one for one, _ in pairs])
    right = embedder.embed([one for _, one in pairs])
    nearest = (left @ right.T).argmax(axis=1)
    return float(np.mean(nearest == np.arange(len(pairs))))
