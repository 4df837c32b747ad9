"""What can be wrong with the form of a file or with the meaning of its columns and cells."""

from core.importers.problem_kinds.base import ProblemKind, note, refuse, warn

READERS: dict[str, ProblemKind] = {
    # Files
    "file_entities": refuse("文件含有 DTD 或实体声明，为安全起见已拒绝读取。请用 WPS 或 Office 打开并另存后重试。"),
    "no_table": refuse("文档中没有表格。请把台账做成 Word 表格或 Excel 工作表后重新上传。"),
    "nested_table": warn("单元格里还嵌套了一张表格，内层表格未读取。请把内层表格移到外面，单独成表。"),
    "encoding_assumed": note("文件没有标明文字编码，按{encoding}读取。如有乱码，请另存为 UTF-8 编码后重新上传。"),
    # Cells
    "withheld": note("“{value}”表示数据不公开或尚未确定，本格按未填处理，未当作数字或0。如已确定，请改为确定的数。"),
    "amount_range": refuse("“{value}”是一个区间，系统不替您取舍。请填写确定的数额，区间写入备注。"),
    "sentence_amount": refuse("“{value}”是一段文字，不是数额。请只填数字，说明写入备注。"),
    "day_or_month": warn("“{value}”的日和月无法分清，已留空。请写成 2025-12-31 的样式，或在导入时选择日期顺序。"),
    "fiscal_period": warn("“{value}”是财年，各地起讫月份不同，未换算，已留空。请写成年月，例如 2025年6月。"),
    # Columns and layout
    "column_proposed": note("不认识的列，未导入；从表头和内容看像是“{field}”。如要导入，请在导入时指定本列含义。"),
    "name_proposed": refuse(
        "表头没有“项目名称”，本列像是项目名称，等您确认。请在导入时指定本列含义，或把表头改为“项目名称”。"
    ),
    "header_missing": refuse("表格没有表头，本列像是项目名称，等您确认。请在导入时指定各列含义，或补上表头。"),
    "colour_meaning": note(
        "本列单元格有底色（{seen}），颜色的含义系统不读取，未导入。如代表旗色或状态，请另设一列写成文字。"
    ),
    "table_turned": note("本表每列是一个项目、首列是栏目名，已按转置后的表读取。如不对，请改为每行一个项目。"),
    "number_format_unknown": refuse(
        "本列的“{value}”可以读作两个数（逗号可能是千分位，也可能是小数点）。请在导入时选择小数点写法，或改为不带千分位的数字。"
    ),
    "number_format_comma": note("本列以逗号为小数点（由“{value}”判定）。如不对，请改为不带千分位的数字后重新导入。"),
    "date_order": note("本列日期按“{order}”的顺序读取（由“{value}”判定）。如不对，请改为 2025-12-31 的样式。"),
    "date_order_unknown": refuse(
        "本列的“{value}”日和月都不大于12，分不清先后。请在导入时选择日期顺序（日在前或月在前），"
        "或改为 2025-12-31 的样式。"
    ),
    "dates_half_converted": warn(
        "本列有的日期是文本（如“{value}”），有的已被表格软件转成日期且日都不大于12，日月可能已经颠倒。请核对本列日期。"
    ),
    "foreign_currency_column": refuse("本列以外币（{unit}）计。请按立项批复的汇率折算成人民币后填写。"),
}
