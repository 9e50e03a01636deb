"""The card that ships with a head: what it is, what it learned from, what it reached."""

from collections.abc import Mapping
from typing import Any

_HEAD = """# The attack head

Says how probably a French or English forum text attacks a person or a group of people, not a thing, an idea, a decision
or its own author. Made by `passerelle netiquette train`; numbers only: no text, no word of others' texts, no pickle.

## Parts
- `head.npz`: per language linear readers of hashed runs of letters (2 to 5), words (1 to 3) and word classes (1 to 4),
  of turns of phrase; the reader of the encoder's vectors, and one for the kind of attack.
- `encoder.npz`: what training changed in the layers of {base} (Apache-2.0), in eight bits; the
  base itself is not in here.
- `head.json`: how the readers are weighed together, per language, and the probability from which each step is allowed.

## Learned from
Texts written for this project (MIT, `corpus/README.md`): {own}. Names, numbers, and which group is meant are taken out
before reading; texts whose label follows from their form (a name, a pronoun, length) count less.
Public texts on civility teach the encoder first, where they are at hand: Civil Comments spans and ParaDetox (CC0),
Jigsaw 2018 and 2020 (labels CC0, texts CC BY-SA), Wikipedia talk and the Stanford politeness corpus (CC BY),
app reviews, ToxiFrench, MLMA (MIT). None of their words is in the files.

## Measured
By themes left out (nothing of a theme is read before its texts are judged); `hint` and `message` are the shares that
reach the step:

| language | readers | AUC | recall at 1 % | recall at 2 % | attacks: hint / message | allowed: hint / message |
|---|---|---|---|---|---|---|
{rows}

The project's test themes and the note of the release say what unseen texts give; expect some points less.

## Not for
Judging moods, tone or sarcasm; ranking or counting people; acting alone. Protected speech gets no more than a look.
"""


def card(told: Mapping[str, Any]) -> str:
    """The card's text from head.json."""
    own = ", ".join(f"{many} {name}" for name, many in sorted(told["trained_on"].items()))
    rows = [
        f"| {lang} | {readers} | {found['auc']} | {found['recall_at_1pct']} | {found['recall_at_2pct']} |"
        f" {found['breach']['hint']} / {found['breach']['message']} |"
        f" {found['ok']['hint']} / {found['ok']['message']} |"
        for lang, both in told["measured"].items()
        for readers, found in both.items()
    ]
    return _HEAD.format(base=told["encoder"]["base"], own=own, rows="\n".join(rows))
