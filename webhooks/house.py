"""The host's own settings: what managers decide once for the whole forum, over all plugins."""

from collections.abc import Mapping
from dataclasses import dataclass

from plugins.settings import setting

_DAYS = {
    "1": {"en": "Monday", "fr": "lundi"},
    "2": {"en": "Tuesday", "fr": "mardi"},
    "3": {"en": "Wednesday", "fr": "mercredi"},
    "4": {"en": "Thursday", "fr": "jeudi"},
    "5": {"en": "Friday", "fr": "vendredi"},
    "6": {"en": "Saturday", "fr": "samedi"},
    "7": {"en": "Sunday", "fr": "dimanche"},
}

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "quiet": ("attention_per_week", "stop_after", "quiet_from", "quiet_to", "quiet_days_off", "proposal_days"),
    "days": ("work_from", "work_to", "days_off", "countries"),
    "places": ("public_categories", "acts_per_topic_day", "acts_per_hour"),
    "limits": ("messages_per_day", "topics_per_day", "edits_per_day", "consecutive_replies"),
    "roles": ("manager_groups", "greeter_groups", "mediator_groups", "sponsor_groups"),
}
"""How the form is divided: the sections' names with their fields."""


@dataclass(frozen=True)
class House:
    """Edited in the console like a plugin's settings; every save is a change row."""

    attention_per_week: int = setting(
        5, min=0, max=50, per_category=False,
        label={"en": "Most messages per member and week, over all plugins",
               "fr": "Messages au plus par membre et par semaine, tous modules confondus"},
    )  # fmt: skip
    stop_after: int = setting(
        3, min=1, max=20, per_category=False,
        label={"en": "Stop writing after so many messages without any reaction",
               "fr": "Ne plus écrire après tant de messages restés sans réaction"},
    )  # fmt: skip
    quiet_from: str = setting(
        "20:00", widget="time", per_category=False,
        label={"en": "Quiet hours begin", "fr": "Début des heures calmes"},
    )  # fmt: skip
    quiet_to: str = setting(
        "08:00", widget="time", per_category=False,
        label={"en": "Quiet hours end", "fr": "Fin des heures calmes"},
    )  # fmt: skip
    quiet_days_off: bool = setting(
        True, per_category=False,
        label={"en": "No messages on weekends and holidays", "fr": "Pas de message le week-end et les jours fériés"},
    )  # fmt: skip
    work_from: str = setting(
        "09:00", widget="time", per_category=False,
        label={"en": "The working day begins", "fr": "Début de la journée de travail"},
    )  # fmt: skip
    work_to: str = setting(
        "18:00", widget="time", per_category=False,
        label={"en": "The working day ends", "fr": "Fin de la journée de travail"},
    )  # fmt: skip
    days_off: tuple[str, ...] = setting(
        ("6", "7"), widget="choices", choices=_DAYS, per_category=False,
        label={"en": "Days without work", "fr": "Jours non travaillés"},
    )  # fmt: skip
    countries: tuple[str, ...] = setting(
        (), widget="lines", per_category=False,
        label={"en": "Further countries whose public holidays count for all",
               "fr": "Autres pays dont les jours fériés comptent pour tous"},
        help={"en": "Two letters, one a line: GB, MA…", "fr": "Deux lettres, un par ligne : GB, MA…"},
    )  # fmt: skip
    public_categories: tuple[int, ...] = setting(
        (), widget="categories", per_category=False,
        label={"en": "Categories where public posts are allowed",
               "fr": "Catégories où les messages publics sont permis"},
        help={"en": "None ticked: every public one.", "fr": "Aucune cochée : toutes les publiques."},
    )  # fmt: skip
    acts_per_topic_day: int = setting(
        3, min=1, max=20, per_category=False,
        label={"en": "Most posts in one topic a day", "fr": "Messages au plus dans un sujet par jour"},
    )  # fmt: skip
    acts_per_hour: int = setting(
        30, min=1, max=200, per_category=False,
        label={"en": "Most posts and messages an hour", "fr": "Messages au plus par heure"},
    )  # fmt: skip
    messages_per_day: int = setting(
        20, min=1, max=1000, per_category=False,
        label={"en": "Most private messages a day",
               "fr": "Messages privés au plus par jour"},
    )  # fmt: skip
    topics_per_day: int = setting(
        20, min=1, max=1000, per_category=False,
        label={"en": "Most new topics a day",
               "fr": "Nouveaux sujets au plus par jour"},
    )  # fmt: skip
    edits_per_day: int = setting(
        30, min=1, max=1000, per_category=False,
        label={"en": "Most edits a day",
               "fr": "Modifications au plus par jour"},
    )  # fmt: skip
    consecutive_replies: int = setting(
        3, min=1, max=20, per_category=False,
        label={"en": "Most replies in a row in one topic",
               "fr": "Réponses de suite au plus dans un sujet"},
    )  # fmt: skip
    proposal_days: int = setting(
        7, min=1, max=60, per_category=False,
        label={"en": "Proposals lapse after so many days", "fr": "Les propositions s'éteignent après tant de jours"},
    )  # fmt: skip
    manager_groups: tuple[str, ...] = setting(
        (), widget="groups", per_category=False,
        label={"en": "Groups of community managers", "fr": "Groupes des animateur·rices de communauté"},
        help={"en": "One a line. Empty: animation, moderators.", "fr": "Un par ligne. Vide : animation, moderators."},
    )  # fmt: skip
    greeter_groups: tuple[str, ...] = setting(
        (), widget="groups", per_category=False,
        label={"en": "Groups that welcome newcomers", "fr": "Groupes qui accueillent les nouveaux"},
        help={"en": "One a line. Empty: accueil, greeters.", "fr": "Un par ligne. Vide : accueil, greeters."},
    )  # fmt: skip
    mediator_groups: tuple[str, ...] = setting(
        (), widget="groups", per_category=False,
        label={"en": "Groups of mediators", "fr": "Groupes de médiation"},
        help={"en": "One a line. Empty: mediation, mediators.", "fr": "Un par ligne. Vide : mediation, mediators."},
    )  # fmt: skip
    sponsor_groups: tuple[str, ...] = setting(
        (), widget="groups", per_category=False,
        label={"en": "Groups of sponsors", "fr": "Groupes de parrainage"},
        help={"en": "One a line. Empty: sponsors.", "fr": "Un par ligne. Vide : sponsors."},
    )  # fmt: skip
