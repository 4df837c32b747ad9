"""What ``doctor`` says about a machine."""

import json
import os

import pytest

from core.commands import _doctor
from core.commands._doctor import Finding, Level
from core.settings import Settings


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ((3, 6, 23), Level.GOOD),
        ((3, 7, 0), Level.NOTICE),
        ((3, 40, 1), Level.NOTICE),
        ((3, 51, 2), Level.NOTICE),
        ((3, 51, 3), Level.GOOD),
        ((3, 53, 4), Level.GOOD),
    ],
)
def test_sqlite_with_the_wal_reset_bug_is_noticed(version, level):
    assert _doctor.judge_sqlite("sqlite3", version).level is level


def test_folder_that_does_not_exist_yet_is_judged_by_its_parent(tmp_path):
    assert _doctor.check_folder(tmp_path / "a/b").level is not Level.BAD


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_key_open_to_others_is_bad_and_says_the_fix(tmp_path):
    settings = Settings(data_dir=tmp_path)
    settings.signing_key()
    assert _doctor.check_secret(settings).level is Level.GOOD
    (tmp_path / "secret.key").chmod(0o644)
    finding = _doctor.check_secret(settings)
    assert finding.level is Level.BAD
    assert f"chmod 600 {tmp_path / 'secret.key'}" in finding.text


def test_check_that_breaks_is_one_bad_finding():
    def broken() -> Finding:
        raise ConnectionError("refused\nsecond line")

    assert _doctor._guard("数据库", broken) == Finding("数据库", Level.BAD, "检查未能完成（ConnectionError）：refused")


def test_missing_browser_and_font_say_what_to_type(monkeypatch):
    monkeypatch.setattr(_doctor._system, "find_browser", lambda: None)
    monkeypatch.setattr(_doctor._system, "find_chinese_font", lambda: None)
    assert "apt-get install -y chromium" in _doctor.check_browser().text
    assert "apt-get install -y fonts-noto-cjk" in _doctor.check_font().text


def test_missing_fonts_of_documents_are_named_with_what_stands_in():
    have = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC", "FangSong", "SimSun"})
    finding = _doctor.check_official_fonts(have)
    assert finding.level is Level.NOTICE
    assert (
        "本机缺 方正小标宋简体→Noto Serif CJK SC、黑体→Noto Sans CJK SC、楷体_GB2312→Noto Serif CJK SC（"
        in finding.text
    )
    assert "在单位电脑上打开时用其自带字体" in finding.text
    assert "系统任一中文字体" in _doctor.check_official_fonts(frozenset()).text


def test_all_fonts_of_documents_are_good_under_either_name():
    have = frozenset({"方正小标宋简体", "仿宋", "SimHei", "KaiTi_GB2312", "SimSun"})
    assert _doctor.check_official_fonts(have).level is Level.GOOD


def test_only_errors_change_the_exit_status():
    good, notice, bad = (Finding("x", level, "") for level in Level)
    assert _doctor.exit_status([good, notice]) == 0
    assert _doctor.exit_status([good, bad]) == 1


def test_report_for_people_and_for_programs():
    findings = [Finding("SQLite", Level.NOTICE, "旧")]
    assert _doctor.as_text(findings) == "[注意] SQLite：旧"
    assert json.loads(_doctor.as_json(findings)) == [{"name": "SQLite", "level": "notice", "text": "旧"}]


def test_broken_settings_are_a_finding_and_not_a_crash(monkeypatch):
    from core.settings import get_settings

    monkeypatch.setenv("WR_PORT", "0")
    get_settings.cache_clear()
    try:
        last = _doctor.examine()[-1]
    finally:
        get_settings.cache_clear()
    assert (last.name, last.level) == ("配置", Level.BAD)
    assert "port：不能小于 1" in last.text


def test_reminders_are_off_until_a_channel_is_set_and_a_plain_password_is_noticed():
    assert "未启用" in _doctor.check_reminders(Settings()).text
    mail = {
        "mail_host": "mail.city.example",
        "mail_from": "w@city.example",
        "mail_user": "w",
        "mail_password": "Hush-7",
    }
    good = _doctor.check_reminders(Settings(**mail))
    assert (good.level, good.text) == (Level.GOOD, "邮件 mail.city.example:465（ssl）")
    plain = _doctor.check_reminders(Settings(**mail, mail_security="none"))
    assert (plain.level, "明文" in plain.text, "Hush" in plain.text) == (Level.NOTICE, True, False)
    robot = Settings(webhook_url="https://robot.example/send?key=hush", webhook_hosts=("robot.example",))
    assert _doctor.check_reminders(robot).text == "机器人 wecom（robot.example）"
