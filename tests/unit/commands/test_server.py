"""How the web server is started."""

import socket
import sys

from core.commands import _server
from core.settings import ROOT, Settings


def options(settings: Settings) -> dict[str, str]:
    words = _server.server_command(settings)
    assert words[:5] == [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    return dict(zip(words[5::2], words[6::2], strict=True))


def test_server_listens_where_the_settings_say(tmp_path):
    assert options(Settings(data_dir=tmp_path, host="0.0.0.0", port=9000)) == {
        "--server.address": "0.0.0.0",
        "--server.port": "9000",
        "--browser.serverAddress": "127.0.0.1",
        "--browser.serverPort": "9000",
    }


def test_public_address_behind_a_proxy_is_the_one_the_browser_knows(tmp_path):
    given = options(Settings(data_dir=tmp_path, public_url="https://wr.local/"))
    assert given["--browser.serverAddress"] == "wr.local"
    assert given["--browser.serverPort"] == "443"
    assert given["--server.port"] == "8501"


def test_cookie_secret_is_the_same_after_a_restart_and_not_the_key_itself(tmp_path):
    settings = Settings(data_dir=tmp_path)
    first = _server.server_environment(settings, {})
    assert first == _server.server_environment(settings, {})
    assert settings.signing_key().decode() not in first.values()
    other = _server.server_environment(Settings(data_dir=tmp_path / "other"), {})
    assert first["STREAMLIT_SERVER_COOKIE_SECRET"] != other["STREAMLIT_SERVER_COOKIE_SECRET"]


def test_server_works_on_the_store_of_the_caller(tmp_path):
    environment = _server.server_environment(Settings(data_dir=tmp_path, port=9000), {"PATH": "/bin"})
    assert environment["WR_DATABASE_URL"] == f"sqlite:///{(tmp_path / 'warroom.db').as_posix()}"
    assert environment["WR_PORT"] == "9000"
    assert environment["PATH"] == "/bin"


def test_only_the_named_proxies_are_believed(tmp_path):
    nobody = _server.server_environment(Settings(data_dir=tmp_path), {"FORWARDED_ALLOW_IPS": "*"})
    assert nobody["FORWARDED_ALLOW_IPS"] == ""
    two = Settings(data_dir=tmp_path, trusted_proxies=("10.1.2.3", "10.0.0.7/8"))
    assert _server.server_environment(two, {})["FORWARDED_ALLOW_IPS"] == "10.1.2.3,10.0.0.0/8"


def test_port_in_use_is_seen():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not _server.is_port_free("127.0.0.1", port)
    assert _server.is_port_free("127.0.0.1", port)
