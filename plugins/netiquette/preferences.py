"""What a forum may choose."""

from dataclasses import dataclass

from plugins.settings import setting


@dataclass(frozen=True)
class Settings:
    precision_to_propose: int = setting(
        60,
        min=30,
        max=95,
        per_category=False,
        label={
            "en": "Precision from which a clause may propose (%)",
            "fr": "Précision à partir de laquelle une règle peut proposer (%)",
        },
        help={
            "en": "The lower end of the 95 % interval counts.",
            "fr": "C'est le bas de l'intervalle à 95 % qui compte.",
        },
    )
    precision_to_act: int = setting(
        85,
        min=60,
        max=99,
        per_category=False,
        label={
            "en": "Precision from which a clause about form may act (%)",
            "fr": "Précision à partir de laquelle une règle de forme peut agir (%)",
        },
        help={
            "en": "What is about conduct is always signed by a person.",
            "fr": "Ce qui touche à la conduite est toujours signé par une personne.",
        },
    )
    alert_group: str = setting(
        "",
        widget="group",
        per_category=False,
        label={"en": "Group that gets the alerts", "fr": "Groupe qui reçoit les alertes"},
        help={
            "en": "Empty: they stand in the console, where closing one says whether it was right.",
            "fr": "Vide : elles sont dans la console, où l'on dit en les fermant si elles étaient justes.",
        },
    )
    mediator_group: str = setting(
        "",
        widget="group",
        per_category=False,
        label={"en": "Group of mediators", "fr": "Groupe de médiation"},
        help={
            "en": "Members of this group may offer to mediate. Empty: no mediation is offered.",
            "fr": "Les membres de ce groupe peuvent se proposer. Vide : aucune médiation n'est offerte.",
        },
    )
    settle_minutes: int = setting(
        5,
        min=0,
        max=120,
        per_category=False,
        label={
            "en": "Minutes a post is left alone before it is looked at",
            "fr": "Minutes de répit avant qu'un message soit relu",
        },
        help={
            "en": "Whoever mends a post in the meantime hears nothing.",
            "fr": "Qui corrige son message entre-temps n'entend parler de rien.",
        },
    )
    contest_days: int = setting(
        2,
        min=1,
        max=10,
        per_category=False,
        label={
            "en": "Working days in which a contest is answered",
            "fr": "Jours ouvrés pour répondre à une contestation",
        },
    )
    flags: bool = setting(
        False,
        per_category=False,
        label={
            "en": "Also put posts into the forum's own review queue",
            "fr": "Signaler aussi dans la file de modération du forum",
        },
        help={
            "en": "Only where the admin gave the bot a key that may flag.",
            "fr": "Seulement si l'administration a donné au robot une clé qui peut signaler.",
        },
    )
