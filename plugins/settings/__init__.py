"""A plugin's settings: one frozen dataclass, from which the form, its checks and what is stored all follow.

    @dataclass(frozen=True)
    class Settings:
        per_week: int = setting(3, min=0, max=20, label={"en": "Per person and week", "fr": "Par personne et semaine"})

Types: `bool`, `int`, `float`, `str`, `timedelta`, `tuple[str, ...]`, `tuple[int, ...]`, `Literal[...]` of strings, and
any of the first five `| None`. The widget follows from the type unless `widget` names one of `WIDGETS`.
"""

from plugins.settings.declare import WIDGETS, Choice, Kind, SettingField, Words, setting
from plugins.settings.fields import SettingsError, fields_of
from plugins.settings.forms import FormErrors, parse_form, parse_overrides
from plugins.settings.stored import apply_overrides, from_json, to_json

__all__ = [
    "WIDGETS",
    "Choice",
    "FormErrors",
    "Kind",
    "SettingField",
    "SettingsError",
    "Words",
    "apply_overrides",
    "fields_of",
    "from_json",
    "parse_form",
    "parse_overrides",
    "setting",
    "to_json",
]
