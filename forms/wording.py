"""What is said about answers that have to be put right, and about forms that are refused; in Chinese and English.

A sentence names the question, the limit and what to do. It may never repeat what a person typed.
"""

from __future__ import annotations

from collections.abc import Mapping

from forms.components import Text

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "required": ("填写“{label}”。", "Fill in “{label}”."),
    "required:choice": ("选择“{label}”。", "Choose “{label}”."),
    "required:yes_no": ("回答“{label}”：是或者否。", "Answer “{label}”: yes or no."),
    "required:choices": ("“{label}”至少选择 {limit} 项。", "Choose at least {limit} for “{label}”."),
    "required:rows": ("“{label}”至少填写 {limit} 条。", "Give at least {limit} row(s) of “{label}”."),
    "required:flag": ("勾选“{label}”；没有做到的，先办完再提交。", "Tick “{label}”; if it is not done, do it first."),
    "unknown_field": ("表单里没有这一项，请删去。", "The form does not ask this; leave it out."),
    "not_asked": (
        "按前面的回答，不填“{label}”；请清空，或者改前面的回答。",
        "“{label}” is not asked after the earlier answers; clear it, or change those.",
    ),
    "wrong_type:answers": ("回答应是一组“名称：值”。", "The answers must be an object of names and values."),
    "wrong_type:row": ("“{label}”的每一条应是一组“名称：值”。", "Each row of “{label}” must be an object."),
    "wrong_type:rows": ("“{label}”应是若干条的列表。", "“{label}” must be a list of rows."),
    "wrong_type:list": ("“{label}”应是一个列表。", "“{label}” must be a list."),
    "wrong_type:text": ("“{label}”应是文字。", "“{label}” must be text."),
    "wrong_type:number": ("“{label}”应填数字。", "“{label}” must be a number."),
    "wrong_type:integer": ("“{label}”应填整数。", "“{label}” must be a whole number."),
    "wrong_type:money": ("“{label}”应填金额，最多两位小数。", "“{label}” must be an amount with at most 2 decimals."),
    "wrong_type:bool": ("“{label}”应答是或者否。", "“{label}” must be yes or no."),
    "too_short": ("“{label}”至少写 {limit} 个字。", "“{label}” needs at least {limit} characters."),
    "too_long": ("“{label}”最多写 {limit} 个字，请删短。", "“{label}” takes at most {limit} characters; shorten it."),
    "bad_character": (
        "“{label}”含有不能保存的控制字符，请删去后重新输入。",
        "“{label}” holds a control character that cannot be kept; type it again.",
    ),
    "one_line": ("“{label}”只能写一行。", "“{label}” takes one line only."),
    "too_small": ("“{label}”不得小于 {limit}。", "“{label}” must be {limit} or more."),
    "too_large": ("“{label}”不得大于 {limit}。", "“{label}” must be {limit} or less."),
    "too_precise": ("“{label}”最多 {limit} 位小数。", "“{label}” takes at most {limit} decimals."),
    "not_a_date": (
        "“{label}”应填真实的日期，写成 2026-10-14 的样子。",
        "“{label}” must be a real date, written like 2026-10-14.",
    ),
    "not_a_moment": (
        "“{label}”应填真实的日期和时间，写成 2026-10-14T09:30 的样子。",
        "“{label}” must be a real date and time, written like 2026-10-14T09:30.",
    ),
    "year_unknown": ("“{label}”的年份应在 {limit} 之间。", "The year of “{label}” must be within {limit}."),
    "in_future": ("“{label}”不得晚于现在。", "“{label}” may not be later than now."),
    "in_past": ("“{label}”不得早于现在。", "“{label}” may not be earlier than now."),
    "too_early": ("“{label}”不得早于“{other}”。", "“{label}” may not be earlier than “{other}”."),
    "too_late": ("“{label}”不得晚于“{other}”。", "“{label}” may not be later than “{other}”."),
    "not_an_option": ("从列出的选项中选择“{label}”。", "Choose “{label}” from the options given."),
    "not_offered": (
        "“{label}”所选的不在本案可选范围内，请重新选择。",
        "What is chosen for “{label}” is not open to choice here; choose again.",
    ),
    "repeated": ("“{label}”中有重复的，请删去一个。", "“{label}” holds the same twice; remove one."),
    "too_few": ("“{label}”至少要 {limit} 项。", "“{label}” needs at least {limit}."),
    "too_many": ("“{label}”最多 {limit} 项。", "“{label}” takes at most {limit}."),
    "same_as": ("“{label}”与“{other}”不得相同。", "“{label}” must differ from “{other}”."),
    "not_covered": (
        "“{label}”没有写全：每个应当写到的对象至少一条，还差 {limit} 个。",
        "“{label}” is incomplete: everyone concerned needs a row; {limit} missing.",
    ),
    "too_many_problems": (
        "问题太多，只列出前 {limit} 处；请先改正这些。",
        "There are too many problems; the first {limit} are listed. Put these right first.",
    ),
}


def problem(code: str, label: Text | None = None, *, limit: object = "", other: Text | None = None) -> Text:
    """The sentence for a code, in both languages."""
    return {
        language: sentence.format(
            label=(label or {}).get(language, ""), limit=limit, other=(other or {}).get(language, "")
        )
        for language, sentence in zip(("zh", "en"), PROBLEMS[code], strict=True)
    }


FINDINGS: Mapping[str, tuple[str, str, str, str]] = {
    "file-too-large": (
        "The file has {size} bytes; at most {limit} are read.",
        "Ask less in one step, or move options to a code list.",
        "文件有 {size} 字节，最多读取 {limit} 字节。",
        "减少一步中的问题，或者把选项移到代码表。",
    ),
    "not-json": (
        "The file is not well-formed JSON: {detail}.",
        "Correct the text there; numbers such as NaN and repeated names are not accepted.",
        "文件不是格式良好的 JSON：{detail_zh}。",
        "改正该处；不接受 NaN 之类的数字和重复的名称。",
    ),
    "not-an-object": (
        "{what} must be a JSON object.",
        "Write it in braces, with names and values.",
        "{what_zh}应是一个 JSON 对象。",
        "用花括号写成“名称：值”。",
    ),
    "file-name": (
        "The file is not named after what it holds ({id}).",
        "Name the file {id}.json.",
        "文件名与内容的编号 {id} 不一致。",
        "把文件命名为 {id}.json。",
    ),
    "bad-id": (
        "“{id}” is not an id.",
        "Write a form's id like F-ACCEPT, a code list's like clue_sources.",
        "“{id}”不是合格的编号。",
        "表单编号写成 F-ACCEPT 的样子，代码表编号写成 clue_sources 的样子。",
    ),
    "unknown-attribute": (
        "The attribute “{attribute}” is not known here.",
        "Remove it or correct its name; nothing is ignored.",
        "这里没有“{attribute}”这个属性。",
        "删去，或者改正名称；不认识的内容不会被忽略。",
    ),
    "missing-attribute": (
        "The attribute “{attribute}” is missing.",
        "Add it.",
        "缺少属性“{attribute}”。",
        "补上。",
    ),
    "wrong-attribute": (
        "The attribute “{attribute}” must be {expected}.",
        "Correct the value.",
        "属性“{attribute}”应是{expected_zh}。",
        "改正它的值。",
    ),
    "unknown-component": (
        "The component type “{type}” is not supported here.",
        "Use one of: {known}.",
        "这里不支持组件类型“{type}”。",
        "使用：{known}。",
    ),
    "too-many-components": (
        "There are more than {limit} {what}.",
        "Split the form or the list.",
        "{what_zh}超过 {limit} 个。",
        "拆分表单或者代码表。",
    ),
    "bad-key": (
        "“{key}” cannot be a key.",
        "Write lower-case English words joined by underscores, at most 64 signs.",
        "“{key}”不能作为键。",
        "用小写英文单词和下划线书写，最多 64 个字符。",
    ),
    "reserved-name": (
        "“{key}” has a meaning of its own in expressions and cannot be a variable.",
        "Choose another key for the routing field.",
        "“{key}”在表达式里另有含义，不能作变量名。",
        "给流转字段换一个键。",
    ),
    "repeated-key": (
        "The key “{key}” is used twice.",
        "Give every question its own key.",
        "键“{key}”用了两次。",
        "每个问题用各自的键。",
    ),
    "not-bilingual": (
        "“{attribute}” must be given in Chinese and in English.",
        'Write {{"zh": …, "en": …}}, both filled in, at most {limit} characters, Chinese in “zh” and none in “en”.',
        "“{attribute}”必须同时有中文和英文。",
        '写成 {{"zh": …, "en": …}}，两种都要有，最多 {limit} 个字，“zh”用中文，“en”里没有中文。',
    ),
    "no-options": (
        "There is nothing to choose from.",
        "Give “values”, or a “valuesKey” of a code list, or a “source” of ids: exactly one of them.",
        "没有可选的内容。",
        "给出 values、代码表的 valuesKey 或者编号来源 source，三者取一。",
    ),
    "repeated-option": (
        "The option “{value}” is given twice.",
        "Give every option its own value.",
        "选项“{value}”重复。",
        "每个选项用各自的值。",
    ),
    "mixed-options": (
        "The options mix texts and booleans, or booleans are chosen several at a time.",
        "Use codes for all options, or exactly yes and no for one choice.",
        "选项混用了文字和是否，或者是否可以多选。",
        "全部用代码，或者单选中只用是和否。",
    ),
    "unknown-list": (
        "There is no code list “{name}”.",
        "Add lists/{name}.json or correct the name.",
        "没有代码表“{name}”。",
        "添加 lists/{name}.json，或者改正名称。",
    ),
    "unknown-source": (
        "“{name}” is not a source of ids.",
        "Use one of: {known}.",
        "“{name}”不是编号来源。",
        "使用：{known}。",
    ),
    "unknown-field": (
        "“{attribute}” refers to “{name}”, which is not asked before this.",
        "Refer to an earlier question of the same group or form.",
        "“{attribute}”引用的“{name}”在此之前没有问过。",
        "引用同一组或者同一表单中前面的问题。",
    ),
    "unfit-field": (
        "“{attribute}” refers to “{name}”, whose answers do not fit.",
        "Refer to a question of the right kind, and to values it can have.",
        "“{attribute}”引用的“{name}”，其回答不合适。",
        "引用类型合适的问题，以及它可能有的值。",
    ),
    "unknown-variable": (
        "“{attribute}” refers to “{name}”, which no form leaves as a date in the proceeding.",
        "Refer to a routing field that is a date.",
        "“{attribute}”引用的“{name}”不是任何表单留下的日期变量。",
        "引用作为流转字段的日期。",
    ),
    "contradiction": (
        "{detail}.",
        "Remove one of the two.",
        "{detail_zh}。",
        "去掉其中之一。",
    ),
    "bad-limit": (
        "The limits of “{attribute}” do not fit: {detail}.",
        "Correct the numbers.",
        "“{attribute}”的限度不合适：{detail_zh}。",
        "改正数字。",
    ),
    "bad-pattern": (
        "The pattern is not accepted: {detail}.",
        "Use literals, classes and bounded quantifiers; see docs/forms.md.",
        "不接受这个格式：{detail_zh}。",
        "只用字面、字符类和有界的重复；见 docs/forms.md。",
    ),
    "bad-default": (
        "The value given beforehand would itself be refused.",
        "Give one that the question accepts.",
        "预先填好的值本身不合要求。",
        "改成该问题可以接受的值。",
    ),
    "not-routable": (
        "This cannot be a variable of a proceeding: {detail}.",
        "Route codes, dates, numbers, yes and no, or ids; leave texts in the record.",
        "这一项不能作流程变量：{detail_zh}。",
        "只流转代码、日期、数字、是否和编号；文字留在案卷里。",
    ),
    "routing-conflict": (
        "The variable “{name}” is of another type in {other}.",
        "Give it another name: a variable has one meaning in the whole procedure.",
        "变量“{name}”在 {other} 中是另一种类型。",
        "换一个名称：一个变量在整个程序中只有一个含义。",
    ),
    "no-mark": (
        "The entry has no source or no evidence mark.",
        "Give “source” and “mark” (V:…, V2:…, K or PD).",
        "该条没有来源或者证据标记。",
        "写明 source 和 mark（V:…、V2:…、K 或 PD）。",
    ),
}
