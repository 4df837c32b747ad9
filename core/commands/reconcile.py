"""``reconcile``: the totals, percentages, gaps and ranks of a summary table against its own figures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands import Subparsers

if TYPE_CHECKING:
    from core.importers.problems import ImportProblem
    from core.services.reconciliation import Reconciliation

AGREES, UNREADABLE, FINDINGS = 0, 1, 2


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("reconcile", help="核对汇总表的合计、比率、进度差和名次")
    parser.add_argument("file", metavar="文件", type=Path)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.add_argument("--marked", metavar="文件", type=Path, help="另存标出问题的工作簿（xlsx）")
    parser.set_defaults(handler=_reconcile)


def _reconcile(args: argparse.Namespace) -> int:
    from core.domain.permissions import system_actor
    from core.importers.problems import UnreadableFile, build_problem
    from core.services import reconciliation

    actor = system_actor()
    try:
        data = args.file.read_bytes()
        found = reconciliation.reconcile(actor, args.file.name, data)
        if args.marked:
            args.marked.write_bytes(reconciliation.marked(actor, args.file.name, data, found))
    except OSError as error:
        return _fail(args, build_problem("file_unreachable", value=str(error.filename or args.file)))
    except UnreadableFile as error:
        return _fail(args, error.problem)
    if args.json:
        print(json.dumps(_report(found), ensure_ascii=False))
    else:
        _tell(found)
    return FINDINGS if found.wrong else AGREES


def _report(found: Reconciliation) -> dict[str, Any]:
    """Return what is printed as JSON; notes stand apart from problems, they do not change the exit status."""

    def rows(*, wrong: bool) -> list[dict[str, Any]]:
        return [
            {
                **_place(finding.problem),
                "printed": finding.printed,
                "computed": finding.computed,
                "difference": finding.difference,
            }
            for finding in found.findings
            if finding.is_wrong is wrong
        ]

    names = ("sheet", "table", "subject", "cells", "agreeing")
    return {
        "tables": len(found.tables),
        "cells": found.cells,
        "agreeing": found.agreeing,
        "problems": rows(wrong=True),
        "notes": rows(wrong=False),
        "checks": [{name: getattr(check, name) for name in names} for check in found.checks],
    }


def _place(problem: ImportProblem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("code", "sheet", "row", "column", "message")}


def _tell(found: Reconciliation) -> None:
    print(
        f"共 {len(found.tables)} 张表，核对 {found.cells} 格，一致 {found.agreeing} 格，须核对 {len(found.wrong)} 处。"
    )
    for check in found.checks:
        print(f"[已核对] {check.sheet}：{check.subject}，{check.cells} 格中 {check.agreeing} 格一致")
    for finding in found.findings:
        problem = finding.problem
        row = f"第{problem.row}行" if problem.row else ""
        place = "，".join(part for part in (problem.sheet, row, problem.column) if part)
        print(f"[{'请核对' if finding.is_wrong else '说明'}] {place}：{problem.message}")


def _fail(args: argparse.Namespace, problem: ImportProblem) -> int:
    """Tell why nothing could be checked."""
    if args.json:
        empty = {"tables": 0, "cells": 0, "agreeing": 0, "notes": [], "checks": []}
        print(json.dumps({**empty, "problems": [_place(problem)]}, ensure_ascii=False))
    print(problem.message, file=sys.stderr)
    return UNREADABLE
