"""What can be wrong with plots of land and county boundaries."""

from core.importers.problem_kinds.base import ProblemKind, note, refuse, warn

LAND: dict[str, ProblemKind] = {
    # Coordinate systems
    "crs_unknown": refuse("文件没有说明坐标系，系统不猜测。请在导入时选择坐标系（如 CGCS2000 3度带第39带）后重试。"),
    "crs_unsupported": refuse("坐标系“{value}”不能可靠地换算。请在测绘软件中转换为 CGCS2000 后重新导出。"),
    "old_datum": refuse(
        "坐标系是“{value}”，没有公开的转换参数，未导入。"
        "请由测绘部门转换为2000国家大地坐标系；如只需示意位置，可在导入时声明坐标系后重试。"
    ),
    "datum_ignored": warn(
        "文件写明“{value}”，已按您声明的坐标系读取，位置可能相差数十至上百米。请尽快换用转换后的成果。"
    ),
    "crs_declared": note("文件没有说明坐标系，按您声明的 {crs} 读取。如不对，请换一个坐标系重新导入。"),
    "shifted_crs": warn("按声明的 {crs} 换算为 CGCS2000，精度约数米，不能用于界址。请取得未加偏移的原始成果。"),
    "zone_disagrees": refuse("坐标前缀是{prefix}带，文件写明的是{declared}，互相矛盾。请与出图单位核对带号。"),
    "zone_unknown": refuse("横坐标没有带号，文件也没有写明带号。请补填“带号=”，或在导入时选择坐标系。"),
    "zone_prefix": note("坐标系写明{declared}，坐标{written}，含义一致，已按{zone}带读取。请留意导出设置。"),
    "wrong_zone": refuse("换算后位于东经{longitude}°、北纬{latitude}°，{reason}。请核对带号、分带和坐标系。"),
    "swapped_axes": warn("纵横坐标对调（{first}写在前面），已按数值范围改正。请核对，并改正源文件。"),
    "axes_mixed": refuse("同一地块中有的角点纵横坐标对调，有的没有。请改正本行的纵横坐标。"),
    "header_value": refuse("“{key}={value}”无法按米制高斯坐标读取。请改为米、高斯-克吕格投影后重新导出。"),
    "conversion_parameters": note("文件带有转换参数，坐标按转换后的成果读取，未再次转换。请知悉。"),
    # Corner points and rings
    "bad_coordinate": refuse("“{value}”不是可用的坐标。请核对本行的数值和单位（米，或度）。"),
    "bad_angle": refuse("“{value}”不是可用的经纬度。请写成 118.350000、118°21′00″ 或统一的度.分秒格式。"),
    "angle_format_unknown": refuse(
        "经纬度既可能是十进制度，也可能是度.分秒（如 118.2100 表示118°21′00″），系统不猜测。请改写为带°′″的格式。"
    ),
    "point_line": refuse("界址点行“{value}”不是“点号,圈号,纵坐标,横坐标”四项。请改正本行。"),
    "plot_header": refuse("地块行“{value}”的项数不对（@ 前应有7至13项）。请对照规定格式改正本行。"),
    "point_count": refuse("写明{declared}个界址点，实际读到{counted}个，可能缺点。请补全界址点或改正点数。"),
    "point_outside": refuse("本行的界址点之前没有地块行。请在前面补上以 @ 结尾的地块行。"),
    "not_closed": refuse("首尾点号相同而坐标不同，相差{gap}米，图形没有闭合。请核对闭合点的坐标。"),
    "ring_not_closed": warn("边界的终点没有回到起点，已自动闭合。请核对是否缺少界址点。"),
    "too_few_corners": refuse("边界只有{count}个不同的界址点，不能围成地块。请补全界址点。"),
    "too_many_corners": refuse("边界有{count}个点，超过{limit}个的上限。请在测绘软件中抽稀后重新导出。"),
    "duplicate_corner": warn("有{count}个界址点与相邻点重合，已合并。请核对点号和坐标。"),
    "self_crossing": refuse(
        "边界自相交，位置在东经{longitude}°、北纬{latitude}°（第{corner}个界址点附近）。"
        "请核对界址点顺序；如由系统修复，面积将为{area}平方米。"
    ),
    "ring_is_hole": note("第{ring}圈在外圈之内，按空洞扣除面积。如应单独成块，请拆成两个地块。"),
    "ring_is_part": note("第{ring}圈在其他圈之外，按同一地块的另一部分计入面积。如应单独成块，请拆成两个地块。"),
    "not_an_area": refuse("图形是“{value}”，不是面。请只提交面状地块，点和线请删除。"),
    "geometry_missing": refuse("地块没有图形。请补画边界，或删除本条。"),
    "lines_skipped": warn("有{count}条未闭合的线或其他图元没有读取。如其中有地块边界，请闭合后重新导出。"),
    "layers_read": note("文件有{count}个图层，都已读取；没有面的图层被略过。请核对地块数量。"),
    "attribute_encoding": note("文件没有写明文字编码，按{encoding}读取。如名称出现乱码，请附上 .cpg 文件。"),
    "corner_columns": refuse("没有找到坐标列。请在表头写明“点号”和“X、Y”或“经度、纬度”。"),
    # Plots
    "plot_unnamed": warn("地块没有名称，已命名为“{name}”。请在源文件或系统中补上名称。"),
    "plot_number_only": note("“{value}”只是文件内的序号，不作为地块编号。如有正式编号，请填入地块编号。"),
    "duplicate_plot": refuse("与第{other}行的地块图形完全相同。请删除重复的一个。"),
    "duplicate_plot_code": refuse("地块编号与第{other}行相同。请核对编号，每个地块一个编号。"),
    "plots_overlap": warn("与“{other}”（第{line}行）重叠{area}平方米。请核对两块地的边界。"),
    "bad_land_area": warn("“{value}”不是面积，已留空。请填写数字，并写明单位。"),
    "area_differs": warn("写明的面积{declared}平方米与按坐标计算的{measured}平方米相差{pct}%。请核对界址点和面积。"),
    "area_unit": warn(
        "面积“{value}”按{expected}理解与坐标相差约{times}倍，按{unit}则吻合，已按{unit}读取。请改正单位。"
    ),
    "area_unit_read": note(
        "面积没有写明单位，整列与按坐标计算的面积比较，按{unit}读取。如不对，请在字段名中写明单位。"
    ),
    "area_unit_unknown": warn("面积没有写明单位，也无法与坐标比较得出，整列未读取。请在字段名中写明平方米、公顷或亩。"),
    # Against the store
    "plot_county_unknown": refuse("地块没有县区，也无法由县界判断。请补填县区，或先导入县区边界。"),
    "outside_counties": refuse("地块不在任何县区边界之内。请核对坐标系，或核对县区边界。"),
    "crosses_county": warn("有{area}平方米越过县界，落在“{county}”，按主要部分归“{own}”。请核对边界。"),
    "county_differs": warn("写明县区“{value}”，图形却在“{county}”，按图形登记。请核对。"),
    "plot_outside_scope": refuse("地块不在您管理的县区之内，未导入。请联系主管的督查人员导入。"),
    "same_name_elsewhere": refuse(
        "同县已有同名地块“{value}”，位置不同，无法判断是否同一地块。请补填地块编号，或改名以区分。"
    ),
    "ambiguous_plot": refuse("系统中有多个地块符合本条，无法判断更新哪一个。请补填地块编号。"),
    "same_plot": refuse("与第{other}行对应系统中的同一个地块。请删除一个，或补填地块编号。"),
    "plot_is_stored": refuse("图形与系统中的地块“{other}”完全相同而编号不同。请核对编号。"),
    "overlaps_stored": warn("与系统中的地块“{other}”重叠{area}平方米。请核对两块地的边界。"),
    # County boundaries
    "boundary_unmatched": refuse("没有找到县区“{value}”（代码{number}）。请核对名称和代码，或先由管理员登记县区。"),
    "boundary_twice": refuse("与第{other}行是同一个县区。请每个县区只保留一个边界。"),
    "boundaries_overlap": warn("与“{other}”的边界重叠{area}平方公里。请核对是否同一套数据。"),
    "review_number_missing": warn("文件没有审图号，地图上将标注为内部示意图。公开展示前，请在导入时填写审图号。"),
    # Files
    "land_type": refuse(
        "不能读取{kind}。请提供勘测定界 txt、Shapefile（zip）、GeoJSON、KML、GeoPackage、DXF 或界址点表。"
    ),
    "shapefile_incomplete": refuse("压缩包中缺少 {missing}。请把 .shp、.shx、.dbf 和 .prj 一起打包后重试。"),
    "zip_path": refuse("压缩包中的文件名“{value}”不安全，已拒绝读取。请重新打包，不含路径。"),
    "too_many_plots": refuse("文件有{count}个地块，超过{limit}个的上限。请拆成几个文件。"),
    "no_plots": refuse("文件中没有读到地块。请核对图层和格式后重新导出。"),
}
