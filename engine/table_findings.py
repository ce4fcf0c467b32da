"""What can be wrong with a decision table: for each rule of the reader a reason and a remedy, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from engine.sfeel import KINDS


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences with places for facts, by `str.format`."""

    why: str
    why_zh: str
    remedy: str
    remedy_zh: str


WORDS: dict[str, Words] = {
    # The file
    "not-dmn": Words(
        "This is not a DMN 1.3 file.",
        "这不是 DMN 1.3 文件。",
        "Save the table as DMN 1.3.",
        "请另存为 DMN 1.3。",
    ),
    "too-large": Words(
        "The file has {cells} cells with {text} characters; at most {most_cells} and {most_text} are read.",
        "文件有 {cells} 个单元格、{text} 个字符，最多读取 {most_cells} 个、{most_text} 个字符。",
        "Split it into several files.",
        "请拆成几个文件。",
    ),
    "no-decision": Words("The file holds no decision.", "文件中没有决策。", "Draw a decision table.", "请绘制决策表。"),
    "id-twice": Words(
        "Two decisions have this id.",
        "有两个决策使用同一标识。",
        "Give each its own id.",
        "请各用不同的标识。",
    ),
    "language": Words(
        "The language {language} is not read.",
        "不支持语言 {language}。",
        "Write S-FEEL and remove the attribute.",
        "请用 S-FEEL 书写并删去该属性。",
    ),
    "attribute-not-supported": Words(
        "`{tag}` has the attribute `{attribute}`, which is not read.",
        "“{tag}”的属性“{attribute}”不被读取。",
        "Remove it, or correct its name.",
        "请删去或改正其名称。",
    ),
    "element-not-supported": Words("`{tag}` is not read here.", "此处不支持“{tag}”。", "Remove it.", "请删去。"),
    "decision-required": Words(
        "The decision requires another decision.",
        "该决策依赖另一个决策。",
        "Ask the other in a business rule task before, and take its result as an input.",
        "请先用业务规则任务求出另一决策，再把结果作为输入。",
    ),
    "literal-expression": Words(
        "The decision is a literal expression.",
        "该决策是字面表达式。",
        "Draw a decision table, or write CEL in a script task.",
        "请改为决策表，或在脚本任务中写 CEL。",
    ),
    "type-defined": Words(
        "The file defines a type of its own.",
        "文件自行定义了类型。",
        "Use the types of the standard, and list the allowed values in the column.",
        "请用标准类型，并在列中写出允许值。",
    ),
    # The table
    "no-table": Words(
        "The decision has no table, or no id.",
        "该决策没有决策表，或没有标识。",
        "Draw a decision table and give the decision an id.",
        "请绘制决策表并为决策设置标识。",
    ),
    "hit-policy": Words(
        "There is no hit policy {policy}.",
        "没有命中策略 {policy}。",
        "Choose one of the standard's; an aggregation goes with COLLECT.",
        "请选用标准的命中策略；聚合只用于 COLLECT。",
    ),
    "rule-count": Words(
        "The table has {count} rules.",
        "决策表有 {count} 条规则。",
        "Write between 1 and {most}.",
        "请写 1 至 {most} 条。",
    ),
    "too-tangled": Words(
        "The input cells hold {count} values and ranges.",
        "输入单元格共有 {count} 个值和区间。",
        "Keep them under {most}.",
        "请控制在 {most} 个以内。",
    ),
    "result-type": Words(
        "The decision declares `{type}`; the table gives something else.",
        "决策声明为“{type}”，决策表给出的是其他类型。",
        "Remove the declaration; the outputs declare their types.",
        "请删去该声明，由各输出列声明类型。",
    ),
    # Columns
    "no-input": Words(
        "The table has no input.",
        "决策表没有输入列。",
        "Name the variables it looks at.",
        "请写明所依据的变量。",
    ),
    "no-output": Words("The table has no output.", "决策表没有输出列。", "Add an output.", "请添加输出列。"),
    "column-twice": Words(
        "Two columns are called `{name}`.",
        "有两列同名“{name}”。",
        "Join them into one, or rename one.",
        "请合并为一列或改名。",
    ),
    "type": Words(
        "The column's type `{type}` is not read.",
        "不支持该列的类型“{type}”。",
        f"Declare one of {', '.join(KINDS)}.",
        f"请声明以下之一：{'、'.join(KINDS)}。",
    ),
    "input-expression": Words(
        "The input `{text}` is not the name of a variable.",
        "输入“{text}”不是变量名。",
        "Write a name, or a path such as party.role.",
        "请写变量名，或 party.role 这样的路径。",
    ),
    "output-without-name": Words(
        "One of several outputs has no name.", "多个输出中有未命名的。", "Name it.", "请命名。"
    ),
    "no-ranking": Words(
        "The hit policy needs the allowed values of each output, best first.",
        "该命中策略需要按优先次序列出各输出的允许值。",
        "List them in the output's values.",
        "请在输出列的允许值中列出。",
    ),
    "aggregation-of-many": Words(
        "Only a single output can be aggregated.",
        "只有单个输出可以聚合。",
        "Keep one output.",
        "请只保留一个输出。",
    ),
    "aggregation-of-texts": Words(
        "Only numbers can be added up or compared.",
        "只有数可以求和或比较大小。",
        "Give the output the type number, and no null.",
        "请将输出声明为 number，且不写空值。",
    ),
    "default-incomplete": Words(
        "Some outputs have a default, others none.",
        "部分输出有默认值，部分没有。",
        "Give each output one, or none.",
        "请全部设置或全部不设。",
    ),
    "default-of-count": Words(
        "A count of rules needs no default.",
        "计数策略不需要默认值。",
        "Remove the default; where no rule applies the count is 0.",
        "请删去默认值；没有规则适用时计数为 0。",
    ),
    # Rules
    "cell-count": Words(
        "Rule {number} has not one cell for each column.",
        "第 {number} 条规则的单元格与列数不符。",
        "Give it as many cells as there are columns.",
        "请使单元格与列一一对应。",
    ),
    "cell": Words(
        "`{text}`: {why}", "“{text}”：{zh}", "Write S-FEEL of the column's type.", "请按该列的类型书写 S-FEEL。"
    ),
    "not-allowed": Words(
        "`{text}` is not among the allowed values of {label}.",
        "“{text}”不在“{label}”的允许值内。",
        "Correct it, or add it to the allowed values.",
        "请更正，或加入允许值。",
    ),
    "no-source": Words(
        "Rule {number} does not say by which article it applies.",
        "第 {number} 条规则没有注明依据的条款。",
        "Fill the annotation column `source`: article and evidence mark.",
        "请填写注释列 source：条款和证据标记。",
    ),
    "no-mark": Words(
        "The source of rule {number} carries no evidence mark.",
        "第 {number} 条规则的依据没有证据标记。",
        "Add one: V:S8, V2:X7, K or PD.",
        "请加注：V:S8、V2:X7、K 或 PD。",
    ),
    "default-no-source": Words(
        "The default does not say by which article it applies.",
        "默认结果没有注明依据的条款。",
        "Write it in wz:defaultSource of the decision table: article and evidence mark.",
        "请在决策表的 wz:defaultSource 中写明条款和证据标记。",
    ),
    "default-no-mark": Words(
        "The source of the default carries no evidence mark.",
        "默认结果的依据没有证据标记。",
        "Add one in wz:defaultSource: V:S8, V2:X7, K or PD.",
        "请在 wz:defaultSource 中加注：V:S8、V2:X7、K 或 PD。",
    ),
    "rules-overlap": Words(
        "Rules {one} and {other} both apply to {example}.",
        "第 {one} 条和第 {other} 条规则都适用于 {example}。",
        "Part their conditions, or choose another hit policy.",
        "请区分其条件，或改用其他命中策略。",
    ),
}
