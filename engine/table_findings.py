"""What can be wrong with a decision table: for each rule of the reader a reason and a remedy, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kinds import KINDS


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
        "This is not a DMN file.",
        "这不是 DMN 文件。",
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
    "beyond-level-2": Words(
        "`{tag}` is beyond what is read here (conformance level 2).",
        "“{tag}”超出此处支持的范围（符合性等级 2）。",
        "Draw a decision table or write an S-FEEL expression; what else is computed goes into a script task before.",
        "请改为决策表或 S-FEEL 表达式；其他计算放入之前的脚本任务。",
    ),
    "business-knowledge": Words(
        "`{tag}`: business knowledge models are not read.",
        "“{tag}”：不支持业务知识模型。",
        "Make it a decision of its own, and require that.",
        "请改为独立的决策并依赖它。",
    ),
    "version": Words(
        "{namespace} is a version of DMN that is not read.",
        "不支持 DMN 版本 {namespace}。",
        "Save the file as DMN 1.3; 1.1, 1.2, 1.4 and 1.5 are read too.",
        "请另存为 DMN 1.3；1.1、1.2、1.4 和 1.5 也可以读取。",
    ),
    "too-many-decisions": Words(
        "The file has {count} decisions.",
        "文件有 {count} 个决策。",
        "Write at most {most}.",
        "最多写 {most} 个。",
    ),
    "too-many-powers": Words(
        "The file raises to a power {count} times.",
        "文件中有 {count} 次乘方。",
        "Do so at most {most} times.",
        "最多 {most} 次。",
    ),
    "too-many-types": Words(
        "The file defines {count} types.",
        "文件定义了 {count} 个类型。",
        "Define at most {most}.",
        "最多定义 {most} 个。",
    ),
    # Types
    "type-twice": Words(
        "The type or field `{type}` has no name, or one that is taken.",
        "类型或字段“{type}”没有名称，或名称已被使用。",
        "Give each its own name.",
        "请各用不同的名称。",
    ),
    "type-circle": Words(
        "The type is made of itself.", "该类型由自身组成。", "Take it out of the circle.", "请解除循环。"
    ),
    "type-empty": Words(
        "The type is neither simple nor a structure.",
        "该类型既不是简单类型，也不是结构。",
        "Give it a `typeRef`, or components.",
        "请给出 typeRef 或组成部分。",
    ),
    "type-large": Words(
        "The type comes to too many values or levels.",
        "该类型包含的值或层级过多。",
        "Keep it to {most} simple values and {levels} levels.",
        "请控制在 {most} 个简单值和 {levels} 层以内。",
    ),
    "type-values": Words(
        "Only a simple type can have allowed values.",
        "只有简单类型可以有允许值。",
        "List them at the components.",
        "请在各组成部分列出。",
    ),
    # Requirements
    "import-other": Words(
        "What is imported is not DMN: `{type}`.",
        "导入的不是 DMN：“{type}”。",
        "Import DMN files only, with their version as `importType`.",
        "只能导入 DMN 文件，并以其版本作为 importType。",
    ),
    "import-namespace": Words(
        "The import of `{namespace}` names no other file, or one that is imported already.",
        "对“{namespace}”的导入没有指向其他文件，或者重复导入。",
        "Give the namespace of another file, once.",
        "请写另一个文件的命名空间，且只写一次。",
    ),
    "import-unknown": Words(
        "{count} of the files at hand have the namespace `{namespace}`.",
        "现有文件中有 {count} 个使用命名空间“{namespace}”。",
        "Put exactly one such file beside this one.",
        "请提供且只提供一个这样的文件。",
    ),
    "import-refused": Words(
        "The imported file {file} is refused: {why}",
        "导入的文件 {file} 未被接受：{why}",
        "Correct that file first.",
        "请先更正该文件。",
    ),
    "input-imported": Words(
        "The required input stands in another file.",
        "所依赖的输入在另一个文件中。",
        "Draw the input in this file.",
        "请在本文件中绘制该输入。",
    ),
    "required-missing": Words(
        "What is required, `{href}`, does not exist.",
        "所依赖的“{href}”不存在。",
        "Draw it, or remove the requirement; `namespace#id` refers to what is imported.",
        "请绘制它或删去该依赖；引用导入的内容写作“命名空间#标识”。",
    ),
    "circle": Words(
        "The decisions require each other in a circle: {circle}.",
        "决策之间循环依赖：{circle}。",
        "Remove one of the requirements.",
        "请删去其中一个依赖。",
    ),
    "name-twice": Words(
        "The name `{name}` of what is required is empty, or stands for two things.",
        "所依赖内容的名称“{name}”为空，或指向两个对象。",
        "Give each its own name.",
        "请各用不同的名称。",
    ),
    "too-many-requirements": Words(
        "The decision has {count} requirements.",
        "该决策有 {count} 个依赖。",
        "Draw at most {most}.",
        "最多绘制 {most} 个。",
    ),
    "too-many-names": Words(
        "The decision may speak of too many values.",
        "该决策可以使用的值过多。",
        "Require at most {most} simple values here, and {most_all} in all decisions together.",
        "此处最多依赖 {most} 个简单值，全部决策合计最多 {most_all} 个。",
    ),
    "requirement-unused": Words(
        "The decision requires `{required}` and does not speak of it.",
        "该决策依赖“{required}”，却没有使用。",
        "Use this name in a column, a cell or the expression, or remove the requirement.",
        "请在列、单元格或表达式中使用该名称，或删去该依赖。",
    ),
    # The table
    "no-table": Words(
        "The decision has neither table nor expression, or no id.",
        "该决策既没有决策表也没有表达式，或没有标识。",
        "Draw a decision table and give the decision an id.",
        "请绘制决策表并为决策设置标识。",
    ),
    "two-bodies": Words("The decision is computed in two ways.", "该决策有两种算法。", "Keep one.", "请只保留一种。"),
    "expression-no-source": Words(
        "The expression does not say by which article it applies.",
        "该表达式没有注明依据的条款。",
        "Write it in wz:source of the expression: article and evidence mark.",
        "请在表达式的 wz:source 中写明条款和证据标记。",
    ),
    "expression-no-mark": Words(
        "The source of the expression carries no evidence mark.",
        "该表达式的依据没有证据标记。",
        "Add one in wz:source: V:S8, V2:X7, K or PD.",
        "请在 wz:source 中加注：V:S8、V2:X7、K 或 PD。",
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
    "column-count": Words(
        "The table has {count} input columns.",
        "决策表有 {count} 个输入列。",
        "Draw at most {most}.",
        "最多绘制 {most} 列。",
    ),
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
        "The input `{text}` is not the name of a variable, nor of a field that its type has.",
        "输入“{text}”不是变量名，也不是其类型已有的字段。",
        "Write a name, or a path such as party.role.",
        "请写变量名，或 party.role 这样的路径。",
    ),
    "input-computed": Words(
        "`{text}`: {why}",
        "“{text}”：{zh}",
        "Write the name of a variable, or S-FEEL over required inputs and decisions.",
        "请写变量名，或对所依赖的输入和决策书写 S-FEEL。",
    ),
    "input-type": Words(
        "The column declares `{type}`; `{text}` is a {given}.",
        "该列声明为“{type}”，而“{text}”是 {given}。",
        "Declare the same type.",
        "请声明相同的类型。",
    ),
    "nothing-allowed": Words(
        "The column and its type have no allowed value in common.",
        "该列与其类型没有共同的允许值。",
        "Correct one of them.",
        "请更正其中之一。",
    ),
    "moments-mixed": Words(
        "Some moments of the column {label} have an offset, others none.",
        "“{label}”列的日期时间有的带时区偏移，有的没有。",
        "Write all of them with an offset or Z, or none.",
        "请全部写明偏移或 Z，或全部不写。",
    ),
    "output-without-name": Words(
        "One of several outputs has no name.", "多个输出中有未命名的。", "Name it.", "请命名。"
    ),
    "no-ranking": Words(
        "The hit policy needs the allowed values of an output, best first.",
        "该命中策略需要按优先次序列出输出的允许值。",
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
