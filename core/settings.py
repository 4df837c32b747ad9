"""Typed settings: environment ``WR_*`` first, then ``warroom.toml`` beside ``manage.py``, then the defaults below.

Every wrong key or value ends as one ``SettingsError`` that names the field and the fix. docs/settings.md describes
each field; a test compares the two.
"""

import ipaddress
import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core import settings_problems as problems
from core.domain.addresses import is_email, webhook_host
from core.domain.errors import SettingsError
from core.domain.webhooks import CUSTOM, SHAPES, parse_body
from core.secret_key import is_placeholder, load_or_create
from core.settings_problems import PREFIX

ROOT = Path(__file__).resolve().parent.parent
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
_STORE_SCHEMES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
_MIN_KEY_CHARACTERS = 32


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _web_address(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("应以 http:// 或 https:// 开头")
    return value.rstrip("/")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("不是本机认识的时区名，例如 Asia/Shanghai") from error
    return value


def _networks(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_network(part) for part in value)


def _network(part: str) -> str:
    try:
        network = ipaddress.ip_network(part, strict=False)
    except ValueError as error:
        raise ValueError(f"“{part}”不是 IP 地址或网段，例如 10.1.2.3 或 10.1.2.0/24") from error
    return str(network) if "/" in part else str(network.network_address)


def _mail_security(value: str) -> str:
    if value not in ("ssl", "starttls", "none"):
        raise ValueError("应为 ssl、starttls 或 none")
    return value


def _mail_address(value: str) -> str:
    if value and not is_email(value):
        raise ValueError("应为电子邮件地址，例如 warroom@city.example")
    return value


def _webhook_kind(value: str) -> str:
    if value not in SHAPES:
        raise ValueError(f"应为 {'、'.join(SHAPES)} 之一")
    return value


_Codes = Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")], ...], NoDecode, BeforeValidator(_split)]
_Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_networks)]
_Names = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\[\]-]+$")], ...], NoDecode, BeforeValidator(_split)
]
_WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """Everything an installation may choose. Frozen; read it through ``get_settings``.

    ``database_url`` is always complete and absolute after validation; it holds the password, never log it.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(default=Path("data"), description="Folder of the store, the secret key and the attachments")
    database_url: str = Field(default="", repr=False, description="Address of the store; empty = SQLite in data_dir")
    pool_size: int = Field(default=8, ge=1, le=200, description="PostgreSQL connections kept open")
    pool_overflow: int = Field(
        default=32, ge=0, le=200, description="PostgreSQL connections opened beyond that under load"
    )
    pool_timeout_seconds: int = Field(
        default=5, ge=1, le=60, description="Wait for a connection or a lock before StoreBusy"
    )

    city_name: str = Field(default="云岭市", min_length=1, max_length=30, description="Name shown in titles")
    oc4ids_prefix: Annotated[str, StringConstraints(pattern=r"^oc4ids-[a-z0-9]{6}$")] = Field(
        default="oc4ids-local0", description="Prefix of project identifiers in OC4IDS exports"
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Shanghai", description="Zone of dates and clocks"
    )

    host: str = Field(default="127.0.0.1", min_length=1, description="Address the server listens on")
    port: int = Field(default=8501, ge=1, le=65535, description="Port the server listens on")
    public_url: _WebAddress = Field(default="", description="Address users type; empty = http://host:port")
    secure_cookies: bool = Field(default=False, description="Send cookies only over https")
    trusted_proxies: _Networks = Field(default=(), description="Proxies whose X-Forwarded-For is believed")
    secret_key: str = Field(default="", repr=False, description="Signing key; empty = made once in data_dir/secret.key")

    report_due_day: int = Field(
        default=25, ge=1, le=28, description="Day of month on which the monthly report falls due"
    )
    report_due_next_month: bool = Field(
        default=False, description="The due day lies in the month after the reported one"
    )

    session_idle_minutes: int = Field(
        default=30, ge=1, le=1440, description="Signed out after so long without a request"
    )
    session_absolute_hours: int = Field(default=12, ge=1, le=168, description="Signed out after so long in any case")
    lockout_attempts: int = Field(default=5, ge=1, le=20, description="Wrong passwords before an account is locked")
    lockout_minutes: int = Field(default=15, ge=1, le=1440, description="How long it stays locked")

    wall_scene_seconds: int = Field(default=20, ge=5, le=600, description="How long the wall shows one scene")
    wall_scenes: _Codes = Field(
        default=("overview", "headquarters", "supervision", "campaigns", "matters", "due", "land"),
        min_length=1,
        description="Scenes of the wall, in order",
    )

    mail_host: str = Field(default="", description="SMTP server of the digests; empty = no mail is sent")
    mail_port: int = Field(default=465, ge=1, le=65535, description="Its port")
    mail_security: Annotated[str, AfterValidator(_mail_security)] = Field(
        default="ssl", description="How the connection is secured: ssl, starttls or none"
    )
    mail_user: str = Field(default="", description="Account at the SMTP server; empty = no sign-in")
    mail_password: str = Field(default="", repr=False, description="Its password")
    mail_from: Annotated[str, AfterValidator(_mail_address)] = Field(
        default="", description="Address digests come from"
    )
    webhook_url: _WebAddress = Field(
        default="", repr=False, description="Robot that digests are posted to; empty = none; holds its key"
    )
    webhook_kind: Annotated[str, AfterValidator(_webhook_kind)] = Field(
        default="wecom", description="What the robot expects: wecom, dingtalk, feishu or custom"
    )
    webhook_body: str = Field(default="", description="JSON body of a custom robot")
    webhook_hosts: _Names = Field(default=(), description="Hosts that may be posted to")
    remind_timeout_seconds: int = Field(default=10, ge=1, le=120, description="Wait for the mail server or robot")
    remind_superior_workdays: int = Field(
        default=3, ge=0, le=60, description="Working days overdue before the superior is told"
    )
    remind_items: int = Field(default=20, ge=1, le=200, description="Lines listed in a digest; the rest is a number")

    map_note: str = Field(
        default="示意图", max_length=60, description="Printed on every map while there is no review number"
    )
    map_crs: str = Field(
        default="CGCS2000", min_length=1, max_length=30, description="Coordinate system printed on every map"
    )
    map_review_number: str = Field(default="", max_length=60, description="审图号 of the imported official map")
    tile_url: str = Field(default="", description="Base map tiles on the intranet, with {z} {x} {y}; empty = none")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _TomlFile(settings_cls, config_path())

    @field_validator("data_dir")
    @classmethod
    def _data_dir_is_absolute(cls, value: Path) -> Path:
        return ROOT / value.expanduser()

    @field_validator("tile_url")
    @classmethod
    def _tile_url_has_places(cls, value: str) -> str:
        if value and not all(place in value for place in ("{z}", "{x}", "{y}")):
            raise ValueError("应同时含有 {z}、{x}、{y}")
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret_key_is_real(cls, value: str) -> str:
        if value and (is_placeholder(value) or len(value) < _MIN_KEY_CHARACTERS):
            raise ValueError(f"不能是示例值，且至少 {_MIN_KEY_CHARACTERS} 个字符；留空则自动生成")
        return value

    @field_validator("mail_password")
    @classmethod
    def _mail_password_is_real(cls, value: str) -> str:
        if value and is_placeholder(value):
            raise ValueError("不能是示例值，请填写真实密码或授权码")
        return value

    @model_validator(mode="after")
    def _reminders_are_complete(self) -> Self:
        if self.mail_host and not self.mail_from:
            raise ValueError("mail_from：启用邮件提醒时，请填写发件地址")
        if self.webhook_url and webhook_host(self.webhook_url) not in self.webhook_hosts:
            raise ValueError("webhook_hosts：请填写机器人地址的主机名（含端口），未列入的主机不会连接")
        if self.webhook_url and self.webhook_kind == CUSTOM:
            try:
                parse_body(self.webhook_body)
            except ValueError as error:
                raise ValueError(f"webhook_body：{error}") from error
        return self

    @model_validator(mode="after")
    def _complete_database_url(self) -> Self:
        object.__setattr__(self, "database_url", _store_address(self))
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is the embedded SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def address(self) -> str:
        """What users type into the browser, without a trailing slash."""
        if self.public_url:
            return self.public_url
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 (compared, not bound)
        return f"http://[{shown}]:{self.port}" if ":" in shown else f"http://{shown}:{self.port}"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    def signing_key(self) -> bytes:
        """Return the secret key; without a configured one, the file ``secret.key`` is made on first use (0600)."""
        return self.secret_key.encode() if self.secret_key else load_or_create(self.data_dir / "secret.key")


class _TomlFile(TomlConfigSettingsSource):
    def _read_file(self, file_path: Any) -> dict[str, Any]:
        return problems.read_toml(file_path)


def _store_address(settings: Settings) -> str:
    url = settings.database_url
    if not url:
        return f"sqlite:///{(settings.data_dir / 'warroom.db').as_posix()}"
    if not url.startswith(_STORE_SCHEMES) or url in _STORE_SCHEMES:
        raise ValueError("database_url：应为 sqlite:///路径 或 postgresql://用户:密码@主机/库名")
    if url.startswith("sqlite:///"):
        return f"sqlite:///{(ROOT / url.removeprefix('sqlite:///')).as_posix()}"
    password = url.partition("://")[2].rpartition("@")[0].partition(":")[2]
    if password and is_placeholder(password):
        raise ValueError("database_url：数据库密码是示例值，请先改为真实密码")
    return url


def config_path() -> Path:
    """Return where ``warroom.toml`` is looked for; ``WR_CONFIG`` names another file."""
    return Path(os.environ.get(CONFIG_VARIABLE) or ROOT / "warroom.toml")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """
    Return the settings of this process, read once.

    Raises:
        SettingsError: A key is unknown or a value is refused; the message lists all of them with the fix.
    """
    path = config_path()
    if os.environ.get(CONFIG_VARIABLE) and not path.exists():
        raise SettingsError(f"环境变量 {CONFIG_VARIABLE} 指定的配置文件不存在：{path}。请改正路径或删除该变量。")
    problems.refuse_unknown_variables(os.environ, Settings.model_fields)
    try:
        return Settings()
    except ValidationError as error:
        raise problems.translate(error, Settings.model_fields, path) from error
