"""What a forum may choose: how many names, how often, after how long, and where."""

from dataclasses import dataclass
from datetime import timedelta

from plugins.settings import setting


@dataclass(frozen=True)
class Settings:
    names: int = setting(
        3,
        min=1,
        max=6,
        label={"en": "Names per question", "fr": "Noms par question"},
    )
    per_week: int = setting(
        3,
        min=0,
        max=20,
        per_category=False,
        label={"en": "Suggestions per person and week", "fr": "Suggestions par personne et par semaine"},
        help={
            "en": "From Monday to Sunday, over all categories. 0 stops all suggestions.",
            "fr": "Du lundi au dimanche, toutes catégories confondues. 0 arrête toute suggestion.",
        },
    )
    per_asker: int = setting(
        3,
        min=1,
        max=20,
        per_category=False,
        label={"en": "Questions helped per asker and week", "fr": "Questions aidées par demandeur et par semaine"},
    )
    apprentice: bool = setting(
        True,
        label={"en": "One place for somebody seldom seen", "fr": "Une place pour quelqu'un qu'on voit peu"},
        help={
            "en": "The last name is an able person with few answers so far; an experienced one stands behind.",
            "fr": "Le dernier nom est une personne capable mais discrète ; quelqu'un d'aguerri reste en appui.",
        },
    )
    wait: timedelta = setting(
        timedelta(hours=24),
        min=timedelta(0),
        max=timedelta(days=14),
        label={"en": "Wait where the usual time is unknown", "fr": "Attente quand le délai habituel est inconnu"},
    )
    unseen: timedelta = setting(
        timedelta(days=60),
        min=timedelta(days=1),
        max=timedelta(days=730),
        per_category=False,
        label={"en": "Not named when unseen for", "fr": "Pas proposé après une absence de"},
    )
    place: str = setting(
        "message",
        choices={
            "message": {"en": "Message to the asker", "fr": "Message à la personne qui demande"},
            "reply": {"en": "Public reply in the topic", "fr": "Réponse publique dans le sujet"},
            "whisper": {"en": "Whisper to the team", "fr": "Aparté pour l'équipe"},
            "nothing": {"en": "Nothing", "fr": "Rien"},
        },
        label={"en": "Where names are given", "fr": "Où les noms sont donnés"},
        help={
            "en": "A public reply and a whisper name only members who agreed to it once.",
            "fr": "Une réponse publique ou un aparté ne nomment que des membres qui ont accepté une fois.",
        },
    )
    withdraw: bool = setting(
        True,
        label={"en": "Withdraw the reply once answered", "fr": "Retirer la réponse une fois la question résolue"},
    )
