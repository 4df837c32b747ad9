"""What can be wrong with the form of a file or with the meaning of its columns and cells."""

from core.importers.problem_kinds.base import ProblemKind, note, refuse, warn

READERS: dict[str, ProblemKind] = {
    # Files
    "file_entities": refuse("文件含有 DTD 或实体声明，为安全起见已拒绝读取。请用 WPS 或 Office 打开并另存后重试。"),
    "no_table": refuse("文档中没有表格。请把台账做成 Word 表格或 Excel 工作表后重新上传。"),
    "nested_table": warn("单元格里还嵌套了一张表格，内层表格未读取。请把内层表格移到外面，单独成表。"),
    "encoding_assumed": note("文件没有标明文字编码，按{encoding}读取。如有乱码，请另存为 UTF-8 编码后重新上传。"),
}
