"""Where the operator's settings come from: `PASSERELLE_…` in the environment, secrets also from files (`…_FILE`)."""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PASSERELLE_"
SECRETS = (
    "api_key",
    "hook_secret",
    "hook_secret_previous",
    "connect_secret",
    "connect_secret_previous",
    "secret_key",
    "secret_key_previous",
    "database_url",
)


class ConfigError(Exception):
    """A setting is missing or wrong; the message is one sentence that names it and says what to write."""


class Config(BaseSettings):
    """Everything an operator may set, frozen. Each field is the environment variable of its name, in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    forum_url: str = Field(
        default="", description="Address of the forum, as members open it: https://forum.example.org"
    )
    api_username: str = Field(default="", description="Name of the forum account that Passerelle writes as")
    api_key: SecretStr = Field(
        default=SecretStr(""), description="API key of that account (six scopes of an ordinary member)"
    )
    hook_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret of the forum's web hook, 12 characters or more"
    )
    hook_secret_previous: SecretStr = Field(
        default=SecretStr(""), description="The secret before it, while it is replaced"
    )
    connect_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret of the forum's DiscourseConnect provider"
    )
    connect_secret_previous: SecretStr = Field(
        default=SecretStr(""), description="The provider's secret before it, while it is replaced"
    )
    public_url: str = Field(default="http://127.0.0.1:8100", description="Address of this service, as browsers open it")
    host: str = Field(default="127.0.0.1", description="Address that the web process listens on")
    port: int = Field(default=8100, ge=1, le=65535, description="Port that the web process listens on")
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="Reverse proxies in front whose X-Forwarded-… are believed"
    )
    threads: int = Field(default=8, ge=1, le=64, description="Threads of the web process")
    data_dir: Path = Field(
        default=Path("data"), description="Folder for the database, indexes and the plugins' own files"
    )
    database_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL address; empty means SQLite in the data folder"
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="Signs sessions and feedback links; made once where empty"
    )
    secret_key_previous: SecretStr = Field(
        default=SecretStr(""), description="The signing key before it, whose words still count while it is replaced"
    )
    site: int = Field(
        default=1, ge=1, le=10_000, description="Number of this forum in the database, where it holds several"
    )
    model: str = Field(default="", description="Embedding model by name or path; empty means lexical search only")
    model_backend: Literal["", "openvino", "onnx-int8", "onnx", "torch"] = Field(
        default="", description="What computes the model's vectors; empty means the best that this machine has"
    )
    languages: str = Field(
        default="fr,en", pattern=r"^[a-z]{2}(,[a-z]{2})*$", description="The forum's languages, first first"
    )
    time_zone: str = Field(default="Europe/Paris", description="Time zone of the community's working calendar")
    country: str = Field(
        default="FR", pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", description="Country of its public holidays"
    )
    requests_per_minute: int = Field(
        default=40, ge=1, le=10_000, description="Requests to the forum a minute, all processes together"
    )
    inbox_limit: int = Field(default=20_000, ge=100, description="Deliveries waiting above which the door answers 503")
    free_disk_mb: int = Field(default=200, ge=0, description="Free disk space below which the door answers 503")
    handler_seconds: float = Field(default=30.0, gt=0, description="Time limit of one plugin handler")
    inline_patience: float = Field(
        default=1.0, gt=0, le=1000, description="Factor on the time plugins may take for help beside a text"
    )
    replay_after: str = Field(
        default="35,100", pattern=r"^[\d.]+,[\d.]+$", description="Seconds until a lost write is repeated"
    )
    console_admins: str = Field(
        default="", description="Forum groups whose members administer the console, with commas"
    )
    clock_file: Path | None = Field(default=None, description="A file that moves time; for demos and tests only")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severity that is logged"
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="One JSON object a line, or lines for people"
    )

    @field_validator("forum_url", "public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("write it like https://forum.example.org")
        if parts.username or parts.password:
            raise ValueError("leave name and password out of the address")
        return value.rstrip("/")

    @field_validator("hook_secret", "hook_secret_previous")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 12:
            raise ValueError("a web hook's secret has 12 characters or more")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("write it like Europe/Paris") from error
        return value

    @property
    def hook_secrets(self) -> tuple[str, ...]:
        """The secrets under which a delivery may be signed, current first."""
        both = (self.hook_secret.get_secret_value(), self.hook_secret_previous.get_secret_value())
        return tuple(secret for secret in both if secret)

    @property
    def connect_secrets(self) -> tuple[str, ...]:
        """The secrets under which the forum may answer a login, current first."""
        both = (self.connect_secret.get_secret_value(), self.connect_secret_previous.get_secret_value())
        return tuple(secret for secret in both if secret)

    @property
    def language_list(self) -> tuple[str, ...]:
        return tuple(self.languages.split(","))

    @property
    def replay_window(self) -> tuple[float, float]:
        """Seconds after the first call between which a lost write is repeated byte for byte."""
        low, high = self.replay_after.split(",")
        return float(low), float(high)

    @property
    def admin_groups(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.console_admins.split(",") if name.strip())

    @property
    def database(self) -> str:
        """The database's address: the one configured, else SQLite in the data folder."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir.absolute() / 'passerelle.db'}"

    def need_forum(self) -> "Config":
        """Give this configuration, once it names a forum and a key. :raises ConfigError: one of them is missing."""
        for name in ("forum_url", "api_username", "api_key"):
            value = getattr(self, name)
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                raise ConfigError(f"{PREFIX}{name.upper()} is not set: {Config.model_fields[name].description}.")
        return self

    def signing_key(self) -> str:
        """The key that signs sessions and links; made once and kept in the data folder where none is configured."""
        given = self.secret_key.get_secret_value()
        if given:
            return given
        return self._made_once("secret_key", lambda: secrets.token_hex(32))

    def names_key(self) -> str:
        """The key by which names of erased members are known again: it stays when the signing key is replaced.

        It begins as one of the signing key's, so that several machines of one installation have the same.
        """
        return self._made_once("names_key", lambda: hashlib.sha256(f"names:{self.signing_key()}".encode()).hexdigest())

    def _made_once(self, name: str, make: Callable[[], str]) -> str:
        path = self.data_dir / name
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="utf-8").strip()
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(make())
        return path.read_text(encoding="utf-8").strip()

    def signing_keys(self) -> tuple[str, ...]:
        """The keys that signed words may bear, oldest first: the last one signs."""
        before = self.secret_key_previous.get_secret_value()
        return (before, self.signing_key()) if before else (self.signing_key(),)


def load(environ: Mapping[str, str] | None = None, **given: Any) -> Config:
    """The configuration of the environment (or of `environ`), with `given` values on top.

    :raises ConfigError: a value is wrong, or a secret's file cannot be read; the sentence names the variable.
    """
    source = os.environ if environ is None else environ
    values: dict[str, Any] = {
        name: source[PREFIX + name.upper()] for name in Config.model_fields if source.get(PREFIX + name.upper())
    }
    values |= {name: text for name in SECRETS if (text := _from_file(source, name)) is not None}
    try:
        return Config(**{**values, **given})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        reason = re.sub(r"^Value error, ", "", str(first["msg"]))
        raise ConfigError(f"{PREFIX}{name.upper()} is wrong: {reason}.") from None


def _from_file(source: Mapping[str, str], name: str) -> str | None:
    variable = f"{PREFIX}{name.upper()}_FILE"
    path = source.get(variable)
    if not path:
        return None
    if source.get(PREFIX + name.upper()):
        raise ConfigError(f"Both {PREFIX}{name.upper()} and {variable} are set: keep one of them.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{variable} names a file that cannot be read: {path}.") from error
