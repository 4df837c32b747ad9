r"""
Hostile texts. A payload that manages to run sets ``window.__xss``; one that becomes an element carries ``data-xss``.

``SINGLE_LINE`` is what fits into one-line fields; the others hold line breaks or bytes that no screen can send.
"""

RUN = "window.__xss=1"
MARK = "data-xss"
FOREIGN = "http://evil.example"

XSS = (
    f"<script {MARK}>{RUN}</script>",
    f"</script><script {MARK}>{RUN}</script>",
    f"<img {MARK} src=x onerror={RUN}>",
    f'"><img {MARK} src=x onerror="{RUN}">',
    f"'><img {MARK} src=x onerror='{RUN}'>",
    f"<svg {MARK} onload={RUN}>",
    f"<svg {MARK}><script>{RUN}</script></svg>",
    f"<svg {MARK}><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body {MARK} onload={RUN}>",
    f"<iframe {MARK} srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe {MARK} src=javascript:parent.{RUN}></iframe>",
    f"<a {MARK} href=javascript:{RUN}>点</a>",
    f"<details {MARK} open ontoggle={RUN}>",
    f"<video {MARK}><source onerror={RUN}></video>",
    f"<input {MARK} autofocus onfocus={RUN}>",
    f"<math {MARK}><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table></mtext></math>",
    f"<object {MARK} data=javascript:{RUN}></object>",
    f"<form {MARK}><button formaction=javascript:{RUN}>提交</button></form>",
    f"<style {MARK}>@import '{FOREIGN}/x.css'</style>",
    f"<link {MARK} rel=stylesheet href={FOREIGN}/x.css>",
    f"<base {MARK} href={FOREIGN}/>",
    f"<meta {MARK} http-equiv=refresh content='0;url={FOREIGN}'>",
    f"<img {MARK} src={FOREIGN}/p.png>",
    f'" {MARK} onmouseover={RUN} x="',
    f"' {MARK} onmouseover={RUN} x='",
    f"` {MARK} onmouseover={RUN} x=`",
    f"--><img {MARK} src=x onerror={RUN}>",
    f"]]><img {MARK} src=x onerror={RUN}>",
    f"</title><img {MARK} src=x onerror={RUN}>",
    f"</style><img {MARK} src=x onerror={RUN}>",
    f"</textarea><img {MARK} src=x onerror={RUN}>",
    f"&lt;img {MARK} src=x onerror={RUN}&gt;",
    f"&#60;img {MARK} src=x onerror={RUN}&#62;",
    f"%3Cimg%20{MARK}%20src=x%20onerror={RUN}%3E",
    f"\\u003cimg {MARK} src=x onerror={RUN}\\u003e",
    f"＜img {MARK} src=x onerror={RUN}＞",
    f"<scr<script>ipt {MARK}>{RUN}</scr</script>ipt>",
    f"<IMG {MARK} SRC=x OnErRoR={RUN}>",
    f"<img/{MARK}/src=x/onerror={RUN}>",
    f"javascript:{RUN}",
    f"data:text/html,<script>parent.{RUN}</script>",
    f"';{RUN};//",
    f'";{RUN};//',
    f"\\';{RUN};//",
    f"${{{RUN}}}",
)
MARKDOWN = (
    f"![图]({FOREIGN}/p.png)",
    f"[点击](javascript:{RUN})",
    f"[点击]({FOREIGN}/phish)",
    f"<{FOREIGN}/auto>",
    ":red[红] :material/home: :smile:",
    "$\\href{javascript:window.__xss=1}{x}$",
    "# 大标题 **粗** `码` ~~删~~",
    "| a | b |",
)
TEMPLATE = (
    "{{7*7}}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "{{constructor.constructor('window.__xss=1')()}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{0.__class__}",
    "%(password)s %s %n",
)
SQL = (
    "' OR '1'='1",
    "'; DROP TABLE project; --",
    '" OR ""="',
    "1); DELETE FROM audit_event; --",
    "' UNION SELECT password_hash FROM user_account --",
    "admin'/*",
    "%' OR 1=1 --",
    "_%_%",
    "\\' OR 1=1 #",
    ":name :1 ? %s",
    "x' AND randomblob(1000000000) --",
)
FORMULA = (
    "=1+1",
    '=HYPERLINK("http://evil.example","点")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "＝1+1",
    '=WEBSERVICE("http://evil.example")',
)
PATH = (
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "/etc/passwd",
    "file:///etc/passwd",
    "CON",
    "a/b/c:*?|",
)
ODD = (
    "项目\u202e程工大重\u202c",
    "零宽\u200b空\u200d格\ufeff",
    "é组合é",
    "🚧🏗️👩🏽‍💻",
    "𠮷野家𰻝",
    "\u0bcd" * 8,
    "Z̴̛̘a̶͙̕l̵̰̈́g̶̞̎o̷͉̐",
    "null",
    "undefined",
    "None",
    "NaN",
    "true",
    "0",
    "-1",
    "1e309",
    "长" * 300,
)
CONTROL = (
    "甲\r\n乙",
    "甲\nSet-Cookie: wr_session=x",
    "甲\r\n\r\n<html>",
    "甲\t乙",
    "\x1b[31m红\x1b[0m",
    "甲\x07\x08乙",
    "甲\x85\u2028\u2029乙",
)
# Bytes that a database may refuse and a form must answer.
NUL = ("甲\x00乙", "\x00")

SINGLE_LINE = (*XSS, *MARKDOWN, *TEMPLATE, *SQL, *FORMULA, *PATH, *ODD)
ALL = (*SINGLE_LINE, *CONTROL, *NUL)
