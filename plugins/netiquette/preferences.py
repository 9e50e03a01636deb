"""What a forum may choose."""

from dataclasses import dataclass

from plugins.settings import setting


@dataclass(frozen=True)
class Settings:
    countries: tuple[str, ...] = setting(
        ("FR", "BE", "CH", "CA", "GB", "US"),
        per_category=False,
        label={"en": "Countries whose phone numbers are known", "fr": "Pays dont les numéros de téléphone sont connus"},
        help={
            "en": "Two-letter codes. Numbers that begin with + are known from everywhere.",
            "fr": "Codes de deux lettres. Les numéros qui commencent par + sont connus de partout.",
        },
    )
