"""Who is who: people, units, accounts."""

import re
from collections.abc import Iterator

from core.domain.terms import Role
from core.importers.tables.kinds.shared import COUNTY
from core.importers.tables.spec import FieldSpec, Finding, Reading, TableKind, Values

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_NAME = FieldSpec("name", "姓名", Reading.NAME, r"^(?:姓名|名字|人员)(?:姓名)?$", is_required=True, limit=200)
_UNIT = FieldSpec("unit", "单位", Reading.NAME, r"(?:所在|工作|所属)?(?:单位|部门)(?:名称)?$", limit=200, width=24)


def _login_has_its_form(values: Values) -> Iterator[Finding]:
    login = values.get("login")
    if login is not None and not _LOGIN.fullmatch(login):
        yield Finding("bad_login", "login", {"value": login})


def _lower_login(values: Values) -> Values:
    return {**values, "login": values["login"].lower()} if values.get("login") else values


PEOPLE = TableKind(
    code="people",
    label="人员",
    sheet="人员",
    note="包保领导、责任人、联络员等。同名人员按单位、职务或电话区分。",
    fields=(
        _NAME,
        FieldSpec("title", "职务", Reading.NAME, r"职[务称位]", limit=200, width=20),
        _UNIT,
        FieldSpec("phone", "联系电话", Reading.NAME, r"电话|手机|联系方式", limit=64),
    ),
    keys=(("name", "unit"), ("name", "phone"), ("name", "title"), ("name",)),
    elsewhere=r"备注|性别|民族|邮箱",
)
UNITS = TableKind(
    code="units",
    label="单位",
    sheet="单位",
    note="责任单位、牵头单位、服务单位等。按单位名称识别。",
    fields=(
        FieldSpec(
            "name",
            "单位名称",
            Reading.NAME,
            r"^(?:单位|部门|机构)(?:名称|全称)?$|^名称$",
            is_required=True,
            limit=200,
            width=28,
        ),
        FieldSpec("kind", "单位类型", Reading.NAME, r"(?:单位|机构)?(?:类型|类别|性质)$", limit=32),
        COUNTY,
    ),
    keys=(("name",),),
    elsewhere=r"备注|联系|电话|地址",
)
USERS = TableKind(
    code="users",
    label="用户",
    sheet="用户",
    note="每个用户的每个角色一行。初始密码由系统生成，导入后只显示一次，首次登录必须修改。",
    fields=(
        FieldSpec(
            "login", "用户名", Reading.CODE, r"用户名|登录名|登陆名|账号|帐号|^login", is_required=True, limit=32
        ),
        FieldSpec("name", "姓名", Reading.NAME, r"^(?:姓名|名字|用户姓名|真实姓名)$", is_required=True, limit=30),
        FieldSpec("role", "角色", Reading.TERM, r"角色|权限|岗位", is_required=True, terms=Role),
        COUNTY,
        FieldSpec("headquarters", "指挥部", Reading.NAME, r"指挥部|专班", limit=200, width=20),
        _UNIT,
    ),
    keys=(("login",),),
    parts=("role", "county", "headquarters", "unit"),
    title="login",
    anchors=("login",),
    elsewhere=r"备注|电话|手机|密码|状态",
    checks=(_login_has_its_form,),
    complete=_lower_login,
)
