"""Settings: where they come from, what is refused, and that the refusal names field and fix."""

from pathlib import Path

import pytest

from core.domain.errors import SettingsError
from core.settings import ROOT, Settings, get_settings


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """An empty configuration file of this test alone."""
    monkeypatch.setenv("WR_CONFIG", str(tmp_path / "warroom.toml"))
    monkeypatch.delenv("WR_DATA_DIR", raising=False)
    (tmp_path / "warroom.toml").touch()
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> None:
    (tmp_path / "warroom.toml").write_bytes(text.encode(encoding))


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        get_settings()
    return caught.value.user_message


def test_defaults_put_the_store_under_the_project_whatever_the_working_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = get_settings()
    assert settings.database_url == f"sqlite:///{(ROOT / 'data/warroom.db').as_posix()}"
    assert settings.city_name == "云岭市"
    assert settings.address == "http://127.0.0.1:8501"


def test_file_is_read_and_environment_wins(tmp_path, monkeypatch):
    write(tmp_path, 'city_name = "临江市"\nport = 9000\nwall_scenes = ["overview"]\n')
    monkeypatch.setenv("WR_PORT", "9100")
    settings = get_settings()
    assert (settings.city_name, settings.port, settings.wall_scenes) == ("临江市", 9100, ("overview",))


def test_byte_order_mark_of_notepad_is_accepted(tmp_path):
    write(tmp_path, 'city_name = "临江市"\n', "utf-8-sig")
    assert get_settings().city_name == "临江市"


def test_settings_are_read_once(monkeypatch):
    first = get_settings()
    monkeypatch.setenv("WR_PORT", "9100")
    assert get_settings() is first


def test_data_dir_moves_the_store_and_the_key(monkeypatch, tmp_path):
    monkeypatch.setenv("WR_DATA_DIR", str(tmp_path / "d"))
    settings = get_settings()
    assert settings.database_url == f"sqlite:///{(tmp_path / 'd/warroom.db').as_posix()}"
    key = settings.signing_key()
    assert (tmp_path / "d/secret.key").read_bytes() == key


def test_relative_sqlite_address_is_made_absolute(monkeypatch):
    monkeypatch.setenv("WR_DATABASE_URL", "sqlite:///elsewhere/x.db")
    assert get_settings().database_url == f"sqlite:///{(ROOT / 'elsewhere/x.db').as_posix()}"


def test_lists_are_given_by_commas(monkeypatch):
    monkeypatch.setenv("WR_TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.1")
    monkeypatch.setenv("WR_WALL_SCENES", "overview,problems")
    settings = get_settings()
    assert settings.trusted_proxies == ("10.0.0.0/8", "192.168.1.1")
    assert settings.wall_scenes == ("overview", "problems")


def test_all_problems_are_told_at_once(tmp_path):
    write(tmp_path, 'prot = 9000\ncity_name = 5\nlockout_attempts = "many"\nreport_due_day = 31\n')
    lines = refusal().splitlines()
    assert lines[0] == "系统配置有误，无法启动。请修改 warroom.toml 或 WR_ 环境变量："
    assert sorted(lines[1:]) == [
        'city_name：应为文字，请加英文引号，例如 "……"',
        "lockout_attempts：应为整数",
        "prot：没有这个设置项。您要写的可能是 port。",
        "report_due_day：不能大于 28",
    ]


def test_mistyped_variable_is_refused_with_a_guess(monkeypatch):
    monkeypatch.setenv("WR_DATABSE_URL", "x")
    assert "环境变量 WR_DATABSE_URL：没有这个设置项。您要写的可能是 WR_DATABASE_URL。" in refusal()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WR_SECRET_KEY", "changeme", "secret_key：不能是示例值"),
        ("WR_SECRET_KEY", "change-me-change-me-change-me-change-me", "secret_key：不能是示例值"),
        ("WR_SECRET_KEY", "a" * 40, "secret_key：不能是示例值"),
        ("WR_SECRET_KEY", "k3J9-too-short", "至少 32 个字符"),
        ("WR_DATABASE_URL", "postgresql://wr:changeme@db/wr", "database_url：数据库密码是示例值"),
        ("WR_DATABASE_URL", "mysql://wr@db/wr", "database_url：应为 sqlite:///路径 或 postgresql://"),
        ("WR_DATABASE_URL", "sqlite:///", "database_url：应为"),
        ("WR_TIMEZONE", "Mars/Base", "timezone：不是本机认识的时区名"),
        ("WR_TRUSTED_PROXIES", "10.0.0.300", "trusted_proxies：“10.0.0.300”不是 IP 地址或网段"),
        ("WR_PUBLIC_URL", "wr.local", "public_url：应以 http:// 或 https:// 开头"),
        ("WR_TILE_URL", "http://tiles/{z}/{x}", "tile_url：应同时含有"),
        ("WR_PORT", "0", "port：不能小于 1"),
        ("WR_SECURE_COOKIES", "perhaps", "secure_cookies：应为 true 或 false"),
        ("WR_WALL_SCENES", "Overview", "只能用小写英文字母和下划线"),
        ("WR_WALL_SCENES", ",", "wall_scenes：至少填一项"),
    ],
)
def test_refused_value_names_field_and_fix(monkeypatch, name, value, sentence):
    monkeypatch.setenv(name, value)
    assert sentence in refusal()


def test_refusal_never_repeats_a_secret(monkeypatch):
    monkeypatch.setenv("WR_DATABASE_URL", "mysql://wr:s3cr3t-pass@db/wr")
    monkeypatch.setenv("WR_SECRET_KEY", "short-s3cr3t")
    with pytest.raises(SettingsError) as caught:
        get_settings()
    assert "s3cr3t" not in str(caught.value) + str(caught.value.__cause__)


def test_settings_never_print_secrets():
    settings = Settings(database_url="postgresql://wr:s3cr3t-pass@db/wr", secret_key="s3cr3t" + "0123456789" * 3)
    assert "s3cr3t" not in repr(settings) + str(settings)


def test_file_in_gbk_is_told(tmp_path):
    write(tmp_path, 'city_name = "临江市"\n', "gbk")
    assert "不是 UTF-8 编码" in refusal()


def test_file_that_is_not_toml_is_told(tmp_path):
    write(tmp_path, "city_name = 临江市\n")
    assert "写法有误" in refusal()


def test_named_file_that_is_missing_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("WR_CONFIG", str(tmp_path / "none.toml"))
    assert "指定的配置文件不存在" in refusal()


def test_public_url_is_the_address(monkeypatch):
    monkeypatch.setenv("WR_PUBLIC_URL", "https://wr.local/")
    assert get_settings().address == "https://wr.local"


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_address_of_a_server_on_all_interfaces_can_be_typed(monkeypatch, host):
    monkeypatch.setenv("WR_HOST", host)
    assert get_settings().address == "http://127.0.0.1:8501"
