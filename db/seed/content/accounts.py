"""Accounts of the demo city. The command creates them with hashed passwords; nothing here is used outside a demo."""

from dataclasses import dataclass

from core.domain.terms import Role

DEMO_PASSWORD = "Yunling-2026"  # noqa: S105 - printed on purpose, demo stores only


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """
    One demo account.

    Attributes:
        login: ASCII sign-in name.
        name: Shown name.
        role: The one role it holds.
        county: Name of the county it is bound to, or "".
        headquarters: Name of the headquarters it is bound to, or "".
        unit: Name of the unit it is bound to, or "".
        superior: Login of the account that hears of what this one lets slip, or ""; it stands before this one.
        password: Shown by the command when the demo is built.
    """

    login: str
    name: str
    role: Role
    county: str = ""
    headquarters: str = ""
    unit: str = ""
    superior: str = ""
    password: str = DEMO_PASSWORD

    @property
    def email(self) -> str:
        """An address that no mail server has (RFC 2606)."""
        return f"{self.login}@yunling.example"


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("leader", "程立诚", Role.LEADER),
    DemoAccount("supervisor", "督查室 冯晓东", Role.SUPERVISOR),
    DemoAccount("hq", "国际陆港指挥部 陈小满", Role.HEADQUARTERS, headquarters="国际陆港建设指挥部", superior="leader"),
    DemoAccount("county", "南岭区 邓佳宁", Role.COUNTY, county="南岭区", superior="leader"),
    DemoAccount("unit", "城建集团 葛雨桐", Role.UNIT, unit="云岭城市建设投资集团", superior="county"),
    DemoAccount("sysadmin", "系统管理员", Role.SYSTEM_ADMIN),
    DemoAccount("secadmin", "安全管理员", Role.SECURITY_ADMIN),
    DemoAccount("auditor", "审计员", Role.AUDITOR),
)
