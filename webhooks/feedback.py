"""Signed links under our texts: useful, not useful, not now, never for me. A click shows a page, a button there counts.

A link names one act, one member and the day it was made, and does nothing by itself, so that previews and scanners
cannot answer for anybody. It has its time: a message may be found years later by somebody who was not meant to read it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from itsdangerous import BadSignature, URLSafeSerializer

from connector.fields import whole
from plugins.blocks import Anchor
from plugins.doors import Answer
from plugins.voice.escaping import Markdown, link
from webhooks.config import Config

ANSWERS: tuple[Answer, ...] = ("useful", "not_useful", "not_now", "never", "not_here", "accept", "contest")
"""Links hold an answer's place in this row: new ones come last."""
USUAL: tuple[Answer, ...] = ("useful", "not_useful", "not_now", "never")

TERM = timedelta(days=60)
"""How long a link counts; on `/me` the same can be said at any time."""
TERMS: Mapping[Answer, timedelta] = {"contest": timedelta(days=183)}
"""Where it is longer: half a year to contest what was decided about oneself (as in article 20 of the Digital Services
Act)."""

LABELS = {
    "en": {
        "useful": "useful",
        "not_useful": "not useful",
        "not_now": "not now",
        "never": "never for me",
        "not_here": "not this one",
        "accept": "gladly",
        "contest": "this is wrong",
    },
    "fr": {
        "useful": "utile",
        "not_useful": "pas utile",
        "not_now": "pas maintenant",
        "never": "plus jamais pour moi",
        "not_here": "pas cette fois-ci",
        "accept": "avec plaisir",
        "contest": "je conteste",
    },
}
WHY = {"en": "why this message?", "fr": "pourquoi ce message ?"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link says: this member, about this act of this plugin, with this answer."""

    plugin: str
    once: str
    member_id: int
    answer: Answer


class Links:
    """Makes and reads the signed links of one installation."""

    def __init__(self, config: Config, now: Callable[[], datetime]) -> None:
        self._now = now
        self._site = config.site
        self._base = config.public_url
        self._signer = URLSafeSerializer(config.signing_keys(), salt="passerelle.feedback")

    def token(self, claim: Claim) -> str:
        """The signed word for a claim."""
        index = ANSWERS.index(claim.answer)
        day = self._now().toordinal()
        return str(self._signer.dumps([self._site, claim.plugin, claim.once, claim.member_id, index, day]))

    def read(self, token: str) -> Claim | None:
        """What a word says; None where it is not ours, of another forum, or too old."""
        try:
            site, plugin, once, member_id, index, day = self._signer.loads(token)
            if site != self._site:
                return None
            if whole(member_id) is None or index not in range(len(ANSWERS)):
                return None
            age = self._now().toordinal() - day
            if age > TERMS.get(ANSWERS[index], TERM).days or age < -1:
                return None
            return Claim(str(plugin), str(once), int(member_id), ANSWERS[index])
        except (BadSignature, ValueError, TypeError, IndexError):
            return None

    def line(self, plugin: str, once: str, member_id: int, lang: str, answers: Sequence[str] = ()) -> Markdown:
        """A line of links in Markdown, for the end of a text to one member, in the order of `answers`."""
        labels = LABELS.get(lang, LABELS["en"])
        offered = [answer for answer in answers or USUAL if answer in ANSWERS]
        links = [
            link(labels[answer], f"{self._base}/feedback/{self.token(Claim(plugin, once, member_id, answer))}")
            for answer in cast(Sequence[Answer], offered)
        ]
        return Markdown(" · ".join(links))

    def anchors(
        self, plugin: str, once: str, member_id: int, lang: str, answers: Sequence[Answer]
    ) -> tuple[Anchor, ...]:
        """The same links for a page of ours, in the order of `answers`."""
        labels = LABELS.get(lang, LABELS["en"])
        return tuple(
            Anchor(labels[answer], f"/f/{self.token(Claim(plugin, once, member_id, answer))}", forum=False)
            for answer in answers
        )

    def why(self, plugin: str, lang: str) -> Markdown:
        """A link to the page that says why such texts are sent."""
        return Markdown(link(WHY.get(lang, WHY["en"]), f"{self._base}/why/{plugin}"))
