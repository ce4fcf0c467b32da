"""Why a diagram is refused: every rule with its sentence and its remedy in English and Chinese, and the list findings gather in.

A rule's code is stable: interfaces and tests know it. Sentences are for people who draw: they say what is wrong in this artefact
and what to draw instead. It may never decide whether a rule is broken; reading and checking do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import Finding
from engine.nodes import Place


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `{…}` in its sentences are filled with the facts of the finding."""

    code: str
    why: str
    remedy: str
    why_zh: str
    remedy_zh: str


_RULES = (
    # What the file is
    Rule(
        "not-bpmn",
        "The root element is <{tag}>, not <definitions> of BPMN 2.0.",
        "Save the diagram as BPMN 2.0 XML.",
        "根元素是 <{tag}>，不是 BPMN 2.0 的 <definitions>。",
        "请另存为 BPMN 2.0 XML。",
    ),
    Rule(
        "process-missing",
        "No process has the id “{process}”.",
        "Draw it, or correct the id.",
        "没有 id 为“{process}”的流程。",
        "请补画该流程，或改正 id。",
    ),
    Rule(
        "process-none",
        "The file draws no process.",
        "Draw one: choreographies, conversations and empty pools are not executed.",
        "文件中没有流程。",
        "请画一个流程：编排、会话和空泳池不能执行。",
    ),
    Rule(
        "process-duplicate",
        "The process “{process}” is also drawn in {other}.",
        "Keep one of them.",
        "流程“{process}”在 {other} 中也有定义。",
        "只保留一处。",
    ),
    Rule(
        "process-not-executable",
        "The process is marked as not executable.",
        "Set isExecutable to true when it is meant to run.",
        "流程标记为不可执行。",
        "确要运行时，将 isExecutable 设为 true。",
    ),
    Rule(
        "process-recursive",
        "The process calls itself: {chain}.",
        "Draw the repetition as a flow back instead.",
        "流程调用了自己：{chain}。",
        "改用返回的顺序流表示重复。",
    ),
    Rule(
        "nesting-too-deep",
        "Sub-processes and called processes nest deeper than {limit}.",
        "Draw fewer levels.",
        "子流程与调用流程嵌套超过 {limit} 层。",
        "减少层次。",
    ),
    # Elements and attributes
    Rule(
        "element-not-supported",
        "{what_en} is not executed here.",
        "{remedy_en}",
        "此处不执行{what_zh}。",
        "{remedy_zh}",
    ),
    Rule(
        "element-unknown",
        "<{tag}> is not an element of BPMN that may stand in <{parent}>.",
        "Remove it; an extension belongs into <extensionElements>.",
        "<{tag}> 不是可以放在 <{parent}> 内的 BPMN 元素。",
        "请删去；扩展内容应放进 <extensionElements>。",
    ),
    Rule(
        "element-twice",
        "<{tag}> stands more than once in <{parent}>.",
        "Keep one of them.",
        "<{tag}> 在 <{parent}> 内重复。",
        "只保留一个。",
    ),
    Rule(
        "element-missing",
        "<{tag}> lacks <{child}>, which must stand in it at least {least} time(s).",
        "Add it.",
        "<{tag}> 缺少 <{child}>，至少应有 {least} 个。",
        "请补上。",
    ),
    Rule(
        "text-here",
        "<{tag}> holds text, which would be ignored.",
        "Put it into <documentation>, or remove it.",
        "<{tag}> 内有文字，不会起作用。",
        "请放进 <documentation>，或删去。",
    ),
    Rule(
        "must-understand",
        "The file says that it must not be run without the extension “{extension}”, which is not known here.",
        "Remove the extension, or mustUnderstand=\"true\" where the diagram means the same without it.",
        "文件声明不理解扩展“{extension}”就不得执行，而此处不认识它。",
        "请删去该扩展；若没有它含义不变，可去掉 mustUnderstand=\"true\"。",
    ),
    Rule(
        "prefix-undeclared",
        "{attribute} is “{value}”, but no namespace has the prefix “{prefix}”.",
        "Leave the prefix out, or save the diagram again from a modeler.",
        "{attribute} 的值是“{value}”，但没有声明前缀“{prefix}”。",
        "请去掉前缀，或用建模工具重新保存。",
    ),
    Rule(
        "attribute-unknown",
        "<{tag}> has no attribute “{attribute}”.",
        "Correct its name or remove it.",
        "<{tag}> 没有属性“{attribute}”。",
        "请改正属性名或删去。",
    ),
    Rule(
        "attribute-value",
        "“{attribute}” is “{value}”; it must be {expected_en}.",
        "Correct the value.",
        "“{attribute}”的值是“{value}”，应为{expected_zh}。",
        "请改正。",
    ),
    Rule(
        "attribute-missing",
        "<{tag}> lacks “{attribute}”.",
        "Add it.",
        "<{tag}> 缺少“{attribute}”。",
        "请补上。",
    ),
    Rule(
        "attribute-not-supported",
        "{attribute}=“{value}” is not executed here.",
        "{remedy_en}",
        "此处不执行 {attribute}=“{value}”。",
        "{remedy_zh}",
    ),
    Rule(
        "id-missing",
        "<{tag}> has no id.",
        "Give it an id of its own.",
        "<{tag}> 没有 id。",
        "请给出唯一的 id。",
    ),
    Rule(
        "id-malformed",
        "“{id}” cannot be an id: letters, digits, “_”, “-” and “.”, beginning with a letter or “_”.",
        "Correct the id.",
        "“{id}”不能作 id：只用字母（含汉字）、数字、“_”“-”“.”，且以字母或“_”开头。",
        "请改正 id。",
    ),
    Rule(
        "id-duplicate",
        "The id “{id}” is used more than once in the file.",
        "Give each element an id of its own.",
        "id“{id}”在文件中重复。",
        "每个元素使用各自的 id。",
    ),
    Rule(
        "extension-unknown",
        "wz:{extension} has no meaning on <{tag}>; it is probably misspelt.",
        "Known here: {known}.",
        "wz:{extension} 在 <{tag}> 上没有含义，可能写错了。",
        "此处可用：{known}。",
    ),
    Rule(
        "extension-foreign",
        "{extension} is an execution setting of another engine and would not be honoured.",
        "{remedy_en}",
        "{extension} 是其他引擎的执行设置，此处不会起作用。",
        "{remedy_zh}",
    ),
    Rule(
        "extension-conflict",
        "{first} and {second} say the same thing twice.",
        "Keep one of them.",
        "{first} 与 {second} 重复。",
        "只保留一个。",
    ),
    # References and structure
    Rule(
        "reference-dangling",
        "{attribute} names “{target}”, which is not {expected_en}.",
        "Correct the reference, or draw what it names.",
        "{attribute} 指向“{target}”，但那不是{expected_zh}。",
        "请改正引用，或补画所指元素。",
    ),
    Rule(
        "flow-mismatch",
        "<{tag}> lists the flow “{flow}”, which does not {direction_en} it.",
        "Save the diagram again from a modeler.",
        "<{tag}> 列出了顺序流“{flow}”，但该流并不{direction_zh}它。",
        "用建模工具重新保存。",
    ),
    Rule(
        "flow-across-scope",
        "The flow crosses the border of a sub-process: “{target}” stands elsewhere.",
        "End the flow at the sub-process itself, or draw an event.",
        "顺序流跨越了子流程边界：“{target}”不在同一层。",
        "顺序流应连到子流程本身，或改用事件。",
    ),
    Rule(
        "start-missing",
        "There is no start event.",
        "Draw one.",
        "没有开始事件。",
        "请画一个开始事件。",
    ),
    Rule(
        "start-ambiguous",
        "There is more than one start event without a trigger.",
        "Keep one; let a gateway choose the way.",
        "有多个无触发条件的开始事件。",
        "只保留一个，用网关选择路径。",
    ),
    Rule(
        "start-not-plain",
        "A {where_en} must begin with a start event without a trigger.",
        "Draw a plain start event.",
        "{where_zh}必须由无触发条件的开始事件开始。",
        "请画普通开始事件。",
    ),
    Rule(
        "start-entered",
        "A flow leads into the start event.",
        "Lead it to the node after it.",
        "有顺序流进入开始事件。",
        "请连到其后的节点。",
    ),
    Rule(
        "end-left",
        "A flow leaves the end event.",
        "Remove the flow, or draw an intermediate event.",
        "有顺序流从结束事件引出。",
        "删去该流，或改画中间事件。",
    ),
    Rule(
        "dead-end",
        "No flow leaves this node, and it is not an end event.",
        "Lead it to an end event.",
        "该节点没有引出的顺序流，又不是结束事件。",
        "请连到结束事件。",
    ),
    Rule(
        "join-never",
        "The gateway waits for a token by each way in, and whatever is chosen they never come together: {ways}.",
        "Join with an exclusive gateway what an exclusive gateway parted; let a parallel gateway join only what one parted.",
        "并行网关等待每条进入的顺序流，但无论怎样选择，它们都不会同时到达：{ways}。",
        "排他网关分开的由排他网关汇合；并行网关只汇合并行分开的路径。",
    ),
    Rule(
        "quantity-never",
        "The activity begins when {needs} tokens have come, and whatever is chosen so many never come.",
        "Correct startQuantity, or completionQuantity of what comes before.",
        "该活动须有 {needs} 个令牌才开始，但无论怎样选择都不会有这么多。",
        "请改正 startQuantity，或前面活动的 completionQuantity。",
    ),
    Rule(
        "loop-without-exit",
        "No way leads from here to an end event, and nothing drawn in the process could end it: it would never end.",
        "Draw a way out, or an interrupting event.",
        "从此处没有路径通向结束事件，流程内也没有任何环节能使它结束，程序将永远不能结束。",
        "请画出出口，或画一个中断事件。",
    ),
    Rule(
        "unreachable",
        "No way leads here from a start event.",
        "Connect it, or remove it.",
        "从开始事件没有路径到达此处。",
        "请接入流程，或删去。",
    ),
    Rule(
        "no-way-to-an-end",
        "No way leads from here to an end event: the proceeding could never end.",
        "Draw a way out.",
        "从此处没有路径通向结束事件，程序将永远不能结束。",
        "请画出出口。",
    ),
    Rule(
        "boundary-entered",
        "A flow leads into the boundary event.",
        "Remove the flow: a boundary event is reached by what happens.",
        "有顺序流进入边界事件。",
        "删去该流：边界事件由所等事情触发。",
    ),
    Rule(
        "condition-here",
        "The flow has a condition, but leaves {what_en}.",
        "Put the condition behind an activity, or an exclusive or inclusive gateway.",
        "该顺序流带条件，却从{what_zh}引出。",
        "请将条件放在活动、排他网关或包容网关之后。",
    ),
    Rule(
        "condition-alone",
        "The only flow out of the activity has a condition.",
        "Draw the way for when it does not hold, or remove the condition.",
        "活动唯一引出的顺序流带有条件。",
        "请画出条件不成立时的路径，或删去条件。",
    ),
    Rule(
        "condition-missing",
        "The flow leaves a gateway that chooses, but has no condition and is not the default.",
        "Give it a condition, or make it the default flow.",
        "该顺序流从选择网关引出，却没有条件，也不是默认流。",
        "请写条件，或设为默认流。",
    ),
    Rule(
        "default-with-condition",
        "The default flow has a condition.",
        "Remove the condition, or choose another default flow.",
        "默认流带有条件。",
        "删去条件，或另选默认流。",
    ),
    Rule(
        "default-elsewhere",
        "The default flow “{flow}” does not leave this node.",
        "Choose a flow that leaves it.",
        "默认流“{flow}”不是从该节点引出的。",
        "请选择从该节点引出的流。",
    ),
    Rule(
        "default-here",
        "{what_en} takes no default flow here: nothing is chosen.",
        "Write conditions on the other flows, or draw an exclusive gateway behind it.",
        "此处{what_zh}不作选择，不接受默认流。",
        "请在其他顺序流上写条件，或在其后画排他网关。",
    ),
    Rule(
        "gateway-direction",
        "The gateway is marked as {direction}, but has {incoming} incoming and {outgoing} outgoing flows.",
        "Correct gatewayDirection or the flows.",
        "网关标记为 {direction}，但有 {incoming} 条进入、{outgoing} 条引出的顺序流。",
        "请改正 gatewayDirection 或顺序流。",
    ),
    Rule(
        "beginning-entered",
        "The process is to begin with this (instantiate), but a flow leads to it.",
        "Remove the flow, or instantiate.",
        "流程应由此开始（instantiate），却有顺序流进入。",
        "请删去该流，或去掉 instantiate。",
    ),
    Rule(
        "beginning-inside",
        "Only a process begins with a message, not a sub-process (instantiate).",
        "Draw a plain start event before it and remove instantiate.",
        "只有流程本身可由消息开始，子流程不能（instantiate）。",
        "请在其前画普通开始事件，并去掉 instantiate。",
    ),
    Rule(
        "beginning-guarded",
        "The process begins when the task has received its message: events attached to it, instances, a start quantity or "
        "compensation would have no meaning.",
        "Remove them, or draw a start event before the task and remove instantiate.",
        "任务收到消息时流程才开始：其边界事件、循环或多实例、开始数量、补偿均无意义。",
        "请删去，或在任务前画开始事件并去掉 instantiate。",
    ),
    Rule(
        "together-later",
        "An event-based gateway waits for all its events (Parallel) only where a process begins with it.",
        "Set instantiate, or draw a parallel gateway before the events.",
        "只有作为流程开始的事件网关才能等待全部事件（Parallel）。",
        "请设 instantiate，或在各事件前画并行网关。",
    ),
    Rule(
        "together-not-messages",
        "A process that begins with all events of a gateway (Parallel) begins with messages; “{target}” waits for other things.",
        "Use message events or receive tasks, or the kind Exclusive.",
        "流程须由网关的全部事件开始（Parallel）时只能用消息；“{target}”等待的是其他事情。",
        "请用消息事件或接收任务，或改为 Exclusive。",
    ),
    Rule(
        "activation-missing",
        "Several flows enter the complex gateway, but it does not say when enough tokens have come.",
        "Write activationCondition, such as activationCount >= 2, or draw another kind of gateway.",
        "有多条顺序流进入复杂网关，却没有写明何时算足够。",
        "请写 activationCondition，例如 activationCount >= 2，或改用其他网关。",
    ),
    Rule(
        "event-gateway-choice",
        "An event-based gateway leads to {what_en} “{target}”.",
        "Lead it only to events and receive tasks that wait, at least two, that nothing else leads to; not to message events "
        "and receive tasks at once, and to no task with boundary events or instances.",
        "事件网关连到了{what_zh}“{target}”。",
        "只连到等待中的中间捕获事件或接收任务，至少两个，没有别的入口；消息事件与接收任务不得并用，接收任务不得带边界事件或多实例。",
    ),
    Rule(
        "event-not-here",
        "A {event} event cannot stand here ({tag}).",
        "{remedy_en}",
        "此处（{tag}）不能使用 {event} 事件。",
        "{remedy_zh}",
    ),
    Rule(
        "event-many",
        "The event has {count} definitions, one of them of a kind ({event}) that stands alone.",
        "Give it one; draw the others as events of their own.",
        "该事件有 {count} 个定义，其中有须单独使用的一类（{event}）。",
        "只保留一个，其余另画事件。",
    ),
    Rule(
        "condition-absent",
        "The conditional event has no condition.",
        "Write what it waits for to be true.",
        "条件事件没有写条件。",
        "请写明所等的条件。",
    ),
    Rule(
        "event-sub-process-start",
        "An event sub-process must begin with one start event that has a trigger.",
        "Draw one start event with a message, timer, signal, condition, error, escalation or compensation.",
        "事件子流程必须由一个带触发条件的开始事件开始。",
        "请画一个消息、定时、信号、条件、错误、升级或补偿开始事件。",
    ),
    Rule(
        "event-sub-process-connected",
        "An event sub-process is begun by its start event, but {what_en}.",
        "Remove it, or let the sub-process not be triggered by an event.",
        "事件子流程由其开始事件启动，却{what_zh}。",
        "请删去，或取消 triggeredByEvent。",
    ),
    # Compensation and transactions
    Rule(
        "handler-alone",
        "The activity is for compensation, but {count} compensation events are associated with it.",
        "Associate it with one compensation event attached to the activity that it undoes.",
        "该活动用于补偿，却与 {count} 个补偿事件关联。",
        "请将它与附着在被撤销活动上的一个补偿事件关联。",
    ),
    Rule(
        "quantity-beside",
        "The activity is not reached by tokens, so that quantities of them would be ignored.",
        "Remove startQuantity and completionQuantity.",
        "该活动不由令牌到达，数量设置不会起作用。",
        "请去掉 startQuantity 与 completionQuantity。",
    ),
    Rule(
        "handler-missing",
        "The compensation event is associated with {count} activities for compensation.",
        "Associate it with one activity beside it that has isForCompensation=\"true\".",
        "补偿事件与 {count} 个补偿活动关联。",
        "请将它与同一层的一个 isForCompensation=\"true\" 的活动关联。",
    ),
    Rule(
        "handler-connected",
        "What undoes stands outside the flow: no flow enters or leaves it, and no event is attached to it.",
        "Remove the flow or event; join the two with an association.",
        "补偿环节在顺序流之外：不得有顺序流进出，也不得附着事件。",
        "请删去顺序流或事件，用关联线连接。",
    ),
    Rule(
        "undone-twice",
        "“{other}” undoes the same activity.",
        "Keep one of them.",
        "“{other}”已撤销同一活动。",
        "只保留一个。",
    ),
    Rule(
        "undone-at-top",
        "A process that has ended is not undone: this would never begin.",
        "Draw it inside a sub-process, or begin it otherwise.",
        "流程结束后不再补偿，此处永不启动。",
        "请画在子流程内，或改用其他开始事件。",
    ),
    Rule(
        "undoes-nothing",
        "“{activity}” is no activity beside the event that has a handler, or something inside that has one.",
        "Correct activityRef, or attach a compensation event to the activity.",
        "“{activity}”不是同一层可补偿的活动。",
        "请改正 activityRef，或在该活动上附着补偿事件。",
    ),
    Rule(
        "cancel-not-here",
        "A cancel event ends a transaction, or is attached to one.",
        "Draw it directly in a transaction, or attach it to one.",
        "取消事件只能作为事务的结束事件，或附着在事务上。",
        "请直接画在事务内，或附着在事务上。",
    ),
    Rule(
        "cancel-uncaught",
        "The transaction “{transaction}” can be cancelled, but has no cancel event attached by which it would be left.",
        "Attach a cancel event to the transaction.",
        "事务“{transaction}”可被取消，却没有附着取消事件作为出口。",
        "请在事务上附着取消事件。",
    ),
    Rule(
        "link-nameless",
        "The link has no name.",
        "Give both ends the same name.",
        "链接没有名称。",
        "请给两端写上同一名称。",
    ),
    Rule(
        "link-partner",
        "No link event in this scope {direction_en} “{link}”.",
        "Draw the other end, with the same name, in the same process or sub-process.",
        "同一层没有{direction_zh}“{link}”的链接事件。",
        "请在同一流程或子流程中画出同名的另一端。",
    ),
    Rule(
        "link-twice",
        "Two link events catch “{link}”: it would not be known where the way goes on.",
        "Keep one of them; several may throw.",
        "有两个捕获“{link}”的链接事件，无法确定从何处继续。",
        "只保留一个；抛出的可以有多个。",
    ),
    Rule(
        "link-connected",
        "A flow {direction_en} the link event, which goes on at the other end.",
        "Remove the flow.",
        "链接事件的另一端才有后续，却有顺序流{direction_zh}它。",
        "请删去该流。",
    ),
    Rule(
        "always-interrupting",
        "An event of this kind ({event}) always interrupts, but is drawn as one that does not.",
        "Remove cancelActivity=\"false\" or isInterrupting=\"false\".",
        "此类事件（{event}）必定中断，却画成了不中断。",
        "请去掉 cancelActivity=\"false\" 或 isInterrupting=\"false\"。",
    ),
    Rule(
        "caught-twice",
        "“{other}” catches the same ({event}) at the same place: one of the two would never fire.",
        "Keep one of them.",
        "“{other}”已在同一处捕获同一{event}，两者之一永不触发。",
        "只保留一个。",
    ),
    Rule(
        "boundary-on",
        "A boundary event cannot be attached to <{tag}>.",
        "Attach it to a task, a sub-process or a call activity.",
        "边界事件不能附着在 <{tag}> 上。",
        "请附着在任务、子流程或调用活动上。",
    ),
    # Messages, timers, expressions
    Rule(
        "trigger-missing",
        "It names no {what_en}.",
        "Choose the {what_en} that it throws or waits for.",
        "没有指明{what_zh}。",
        "请选择要抛出或等待的{what_zh}。",
    ),
    Rule(
        "trigger-nameless",
        "The {what_en} “{reference}” has no name (of an error or escalation: no code).",
        "Give it the name or code under which it is thrown.",
        "{what_zh}“{reference}”没有名称（错误和升级则为代码）。",
        "请填写抛出时使用的名称或代码。",
    ),
    Rule(
        "trigger-computed",
        "The name of the {what_en}, “{name}”, is an expression of another engine; here it would be the name itself.",
        "Write the name, without ${{ }}, #{{ }} or =.",
        "{what_zh}名称“{name}”是其他引擎的表达式，此处会被当作名称本身。",
        "请直接写名称，不用 ${{ }}、#{{ }} 或 =。",
    ),
    Rule(
        "message-flow",
        "The message flow joins “{source}” and “{target}”, and no message with one name stands at both ends.",
        "Let both ends be message events with the same message, or let one end be a closed pool.",
        "消息流连接“{source}”与“{target}”，但两端不是同名消息。",
        "两端使用同一消息的消息事件，或让一端为折叠的泳池。",
    ),
    Rule(
        "correlation-path",
        "A property of a message is read from what it carries (payload), but asks for {names}.",
        "Write payload.… ; what the process knows belongs into a subscription.",
        "消息的关联属性只从其内容（payload）读取，却引用了 {names}。",
        "请写 payload.…；流程自身的数据请写在 correlationSubscription 中。",
    ),
    Rule(
        "correlation-without-message",
        "No message of this file gives every property of the key: it would tell nothing apart.",
        "Name its properties, and write for each how it is read from the messages of the conversation.",
        "本文件中没有消息给出该关联键的全部属性，它不能区分任何消息。",
        "请列出属性，并写明各属性如何从会话的消息中读取。",
    ),
    Rule(
        "correlation-without-payload",
        "The message is told apart by a key, but carries nothing from which it could be read.",
        "Name with wz:payload the variable that it carries.",
        "该消息按关联键区分，却不携带任何内容。",
        "请用 wz:payload 指明所携带的变量。",
    ),
    Rule(
        "subscription-misfit",
        "The subscription does not bind each property of the key “{key}” once, or no such key concerns the process.",
        "Bind every property of the key, or draw the process as a participant of the conversation.",
        "订阅未逐一绑定关联键“{key}”的属性，或该键与本流程无关。",
        "请绑定该键的全部属性，或让本流程成为会话的参与者。",
    ),
    Rule(
        "message-flow-end",
        "The message flow’s {attribute} is “{node}”, a <{tag}>, which cannot be that end of a message flow.",
        "Let it begin at an activity, throwing event, message end event or pool, and end at an activity, catching event or pool.",
        "消息流的 {attribute} 是 <{tag}>“{node}”，它不能是消息流的这一端。",
        "消息流从活动、抛出事件、消息结束事件或泳池出发，到达活动、捕获事件或泳池。",
    ),
    Rule(
        "timer-missing",
        "The timer says no moment.",
        "Write a date, a duration or a cycle, or bind a limit with wz:deadline.",
        "定时事件没有写时间。",
        "请写日期、时长或循环，或用 wz:deadline 绑定期限。",
    ),
    Rule(
        "timer-twice",
        "The timer says more than one moment.",
        "Keep one.",
        "定时事件写了不止一个时间。",
        "只保留一个。",
    ),
    Rule(
        "timer-malformed",
        "The timer cannot be read: {reason}.",
        "Write ISO 8601, or an expression that gives it.",
        "定时事件无法读取：{reason_zh}。",
        "请写 ISO 8601，或给出它的表达式。",
    ),
    Rule(
        "timer-from-alone",
        "wz:from stands without wz:deadline.",
        "Name the limit with wz:deadline, or remove wz:from.",
        "有 wz:from 而没有 wz:deadline。",
        "请用 wz:deadline 指明期限，或删去 wz:from。",
    ),
    Rule(
        "expression-malformed",
        "The expression “{expression}” cannot be used: {reason}",
        "Correct it; expressions are CEL.",
        "表达式“{expression}”不能使用：{reason_zh}",
        "请改正；表达式使用 CEL。",
    ),
    Rule(
        "expression-kind",
        "The expression “{expression}” gives {given}, but {needed_en} is needed here.",
        "Correct it.",
        "表达式“{expression}”给出 {given}，此处需要{needed_zh}。",
        "请改正。",
    ),
    Rule(
        "field-unknown",
        "In “{expression}”, “{field}” is no field of the value there; it has: {known}.",
        "Write {near}.",
        "“{expression}”中，该值没有字段“{field}”，只有：{known}。",
        "请改为 {near}。",
    ),
    Rule(
        "field-of-none",
        "In “{expression}”, “{field}” is asked of a value that has no fields: {kind}.",
        "Correct the expression.",
        "“{expression}”中，对没有字段的值（{kind}）取“{field}”。",
        "请改正表达式。",
    ),
    Rule(
        "value-never",
        "In “{expression}”, what is compared with “{value}” never has this value; it can be: {known}.",
        "Write {near}.",
        "“{expression}”中，与“{value}”比较的值不会是它，只可能是：{known}。",
        "请改为 {near}。",
    ),
    Rule(
        "kinds-apart",
        "In “{expression}”, {one} is compared with {other}: they are never equal and have no order.",
        "Correct the expression.",
        "“{expression}”中，{one} 与 {other} 相比较，两者永不相等，也没有大小。",
        "请改正表达式。",
    ),
    Rule(
        "variable-unknown",
        "“{expression}” asks for “{variable}”, which nothing gives: no form, script, operation, table or call.",
        "Write {near}, or give it first; has(vars.{variable}) asks whether it is there.",
        "“{expression}”用到“{variable}”，但没有任何表单、脚本、操作、决策表或调用给出它。",
        "请改为 {near}，或先给出它；has(vars.{variable}) 可判断它是否存在。",
    ),
    Rule(
        "expression-empty",
        "The expression is empty.",
        "Write it, or remove the element.",
        "表达式为空。",
        "请填写，或删去该元素。",
    ),
    Rule(
        "language-not-supported",
        "It is written in “{language}”.",
        "Write it in CEL and leave the language out.",
        "使用的语言是“{language}”。",
        "请改写为 CEL，并去掉语言标记。",
    ),
    # Work
    Rule(
        "script-missing",
        "The script task has no script.",
        "Write a CEL map, or draw a task without a type.",
        "脚本任务没有脚本。",
        "请写一个 CEL 映射，或改用普通任务。",
    ),
    Rule(
        "operation-missing",
        "The service task names no operation.",
        "Name it with wz:operation.",
        "服务任务没有指明操作。",
        "请用 wz:operation 指明。",
    ),
    Rule(
        "decision-missing",
        "The business rule task names no decision table.",
        "Name it with wz:decision.",
        "业务规则任务没有指明决策表。",
        "请用 wz:decision 指明。",
    ),
    Rule(
        "decision-unknown",
        "No decision table has the id “{decision}”.",
        "Add the table to the release, or correct the id.",
        "没有 id 为“{decision}”的决策表。",
        "请把决策表加入规程，或改正 id。",
    ),
    Rule(
        "decision-inputs",
        "The decision table “{decision}” asks for {asked}, but gets {given}.",
        "Hand over exactly what it asks for, or write no wz:input at all: then it sees the variables.",
        "决策表“{decision}”需要 {asked}，而传入的是 {given}。",
        "请恰好传入所需的值；或不写 wz:input，由其直接读取变量。",
    ),
    Rule(
        "decision-duplicate",
        "The decision “{decision}” is also defined in {other}.",
        "Keep one of them.",
        "决策“{decision}”在 {other} 中也有定义。",
        "只保留一处。",
    ),
    Rule(
        "called-missing",
        "The call activity does not say which process it calls.",
        "Set calledElement; or write wz:called, an expression that gives its id, and in wz:among the ids that it may give.",
        "调用活动没有指明调用哪个流程。",
        "请填写 calledElement；或以 wz:called 写出给出流程 id 的表达式，并在 wz:among 中列出可能的 id。",
    ),
    Rule(
        "called-without",
        "The global task takes or gives “{name}”, which the call does not carry.",
        "Add it to the ioSpecification of the call, with an association.",
        "全局任务要求的“{name}”，调用时没有传递。",
        "请写入调用活动的 ioSpecification 并加数据关联。",
    ),
    Rule(
        "called-unknown",
        "The called process “{process}” is in none of the sources.",
        "Add its diagram, or correct the id.",
        "各文件中没有被调用的流程“{process}”。",
        "请加入该程序图，或改正 id。",
    ),
    Rule(
        "binding-malformed",
        "wz:{extension} needs a name and a value.",
        "Write name=\"…\" and value=\"…\".",
        "wz:{extension} 需要名称和值。",
        "请写 name=\"…\" 与 value=\"…\"。",
    ),
    Rule(
        "binding-duplicate",
        "“{name}” is handed over twice.",
        "Keep one of them.",
        "“{name}”重复传递。",
        "只保留一个。",
    ),
    Rule(
        "name-reserved",
        "“{name}” cannot be the name of a variable here.",
        "Choose another name.",
        "此处不能以“{name}”作变量名。",
        "请换一个名称。",
    ),
    # Multi-instance
    Rule(
        "loop-without-number",
        "The multi-instance says neither how many instances nor for which collection.",
        "Write loopCardinality, or wz:collection.",
        "多实例没有说明实例数或集合。",
        "请写 loopCardinality 或 wz:collection。",
    ),
    Rule(
        "loop-twice",
        "The multi-instance has both a number of instances and a collection.",
        "Keep one of them.",
        "多实例同时写了实例数和集合。",
        "只保留一个。",
    ),
    Rule(
        "loop-kinds",
        "The activity is both a loop and a multi-instance.",
        "Keep one of them; the other can stand on a sub-process around it.",
        "活动既是循环又是多实例。",
        "只保留一种；另一种可放在其外的子流程上。",
    ),
    Rule(
        "loop-without-end",
        "The loop has neither a condition nor a largest number of rounds: it would never end.",
        "Write loopCondition, or loopMaximum.",
        "循环既没有条件，也没有最多次数，永远不会结束。",
        "请写 loopCondition 或 loopMaximum。",
    ),
    Rule(
        "behavior-misfit",
        "With behavior “{behavior}” the multi-instance and “{word}” do not fit together: it is missing, or would be ignored.",
        "None takes noneBehaviorEventRef, One takes oneBehaviorEventRef, Complex takes complexBehaviorDefinition with condition "
        "and event, All takes none.",
        "多实例的 behavior 为“{behavior}”时与“{word}”不配：缺少它，或它会被忽略。",
        "None 配 noneBehaviorEventRef，One 配 oneBehaviorEventRef，"
        "Complex 配含条件和事件的 complexBehaviorDefinition，All 都不配。",
    ),
    Rule(
        "behavior-interrupting",
        "The event that the multi-instance throws when an instance completes is caught by “{other}”, which would end the other "
        "instances: the standard leaves open what is meant.",
        "Let the attached event not interrupt (cancelActivity=\"false\"), or use completionCondition.",
        "多实例在实例完成时抛出的事件由“{other}”捕获并中断其余实例，标准对此未作规定。",
        "请让附着事件不中断（cancelActivity=\"false\"），或改用 completionCondition。",
    ),
    Rule(
        "loop-cardinality",
        "The number of instances “{value}” is not a whole number from 0 to {limit}.",
        "Correct it.",
        "实例数“{value}”不是 0 到 {limit} 的整数。",
        "请改正。",
    ),
    Rule(
        "loop-incomplete",
        "“{first}” stands without “{second}”.",
        "Write both, or neither.",
        "写了“{first}”而没有“{second}”。",
        "两者都写，或都不写。",
    ),
    # Data
    Rule(
        "data-twice",
        "The variable “{name}” is declared twice here.",
        "Give one of the two another name.",
        "变量“{name}”在此处声明了两次。",
        "请给其中之一另取名称。",
    ),
    Rule(
        "data-sets",
        "There is more than one {way} set: which one counts would be left open.",
        "Keep one.",
        "有多于一个 {way} 集合，无法确定以哪个为准。",
        "只保留一个。",
    ),
    Rule(
        "data-in-no-set",
        "“{name}” is in no {way} set.",
        "List it there: as needed, or as optional.",
        "“{name}”不在任何 {way} 集合中。",
        "请列入集合：必需或可选。",
    ),
    Rule(
        "data-out-of-reach",
        "{attribute} names “{target}”, which is no data that can be seen from here.",
        "Name a data object or property of this process or of a sub-process around, or an input or output of this element.",
        "{attribute} 所指“{target}”不是此处可见的数据。",
        "请指明本流程或外层子流程的数据对象、属性，或本元素的输入、输出。",
    ),
    Rule(
        "data-not-here",
        "<{tag}> takes and gives no data of its own.",
        "Say it at the task inside or beside it.",
        "<{tag}> 自身不取得也不给出数据。",
        "请写在其内或其旁的任务上。",
    ),
    Rule(
        "data-one",
        "It can only {way_en}.",
        "Leave one, or take it apart in a script task.",
        "此处只能{way_zh}。",
        "只保留一项，或用脚本任务分拆。",
    ),
    Rule(
        "data-at-start",
        "What a start event carries goes into a data object as it is.",
        "Name one source and one target, and transform it in a script task behind.",
        "开始事件的内容只能原样写入数据对象。",
        "请只写一个来源和一个目标，变换放在其后的脚本任务中。",
    ),
    Rule(
        "data-and-extension",
        "It says by “{word}” and by data associations what is handed over.",
        "Keep one of them.",
        "同时用“{word}”和数据关联说明了所传递的数据。",
        "只保留一种。",
    ),
    Rule(
        "data-type",
        "“{name}” is given {kind}, which is not its declared type.",
        "Correct the expression, or the type.",
        "给“{name}”的值类型为 {kind}，与声明不符。",
        "请改正表达式或类型。",
    ),
    Rule(
        "association-unclear",
        "The association has several sources and does not say how they become one value.",
        "Write a transformation, or one assignment for each.",
        "数据关联有几个来源，却没有说明如何合为一个值。",
        "请写 transformation，或逐项写 assignment。",
    ),
    Rule(
        "assignment-astray",
        "The assignment writes to “{to}”; it can only write to “{name}” or a field of it.",
        "Write “{name}”, or “{name}.field”.",
        "赋值写入“{to}”，只能写入“{name}”或其字段。",
        "请写“{name}”或“{name}.字段”。",
    ),
    Rule(
        "store-unnamed",
        "The data store “{target}” names no registered store.",
        "Refer to a <dataStore> of this file whose name is the name of a registered store.",
        "数据存储“{target}”没有指明已登记的存储。",
        "请引用本文件中以已登记存储命名的 <dataStore>。",
    ),
    # Lanes
    Rule(
        "lane-overlap",
        "The node stands in two lanes: “{first}” and “{second}”.",
        "Leave it in one.",
        "该节点同时在两个泳道：“{first}”与“{second}”。",
        "只放在一个泳道。",
    ),
    # Moving a proceeding to another version
    Rule(
        "migration-ended",
        "The proceeding has ended.",
        "Leave it where it is.",
        "程序已经结束。",
        "不必迁移。",
    ),
    Rule(
        "migration-mapping",
        "“{old}” cannot become “{new}”: one of them is not drawn, or something else becomes it too.",
        "Correct the mapping of ids.",
        "“{old}”不能对应到“{new}”：其中之一并未画出，或另有元素对应到它。",
        "请改正 id 对应关系。",
    ),
    Rule(
        "migration-gone",
        "Something waits or runs here, and the other version ({process}) has no such part at the same place.",
        "Say what it is called there, or complete it first.",
        "此处正有环节等待或运行，而另一版本（{process}）的同一位置没有它。",
        "请写明它在另一版本中的 id，或先办结它。",
    ),
    Rule(
        "migration-differs",
        "Something waits or runs here, and in the other version it differs: {what_en}.",
        "Draw it there as it is here, or complete it first.",
        "此处正有环节等待或运行，而另一版本有所不同：{what_zh}。",
        "请在另一版本中保持一致，或先办结它。",
    ),
    # Warnings: the diagram runs, but says something that it may not mean
    Rule(
        "association-empty",
        "The data association says nothing of what is carried; it is only picture.",
        "Name its source and target where data are meant to be carried.",
        "数据关联没有说明传递什么，只作图示。",
        "确要传递数据时，请写明来源和目标。",
    ),
    Rule(
        "element-order",
        "What <{tag}> holds does not stand in the order of the published schema. Here the order means nothing.",
        "Save the diagram again from a modeler, for tools that are stricter.",
        "<{tag}> 内各元素的次序与公布的模式不符。此处次序没有含义。",
        "如需交给更严格的工具，请用建模工具重新保存。",
    ),
    Rule(
        "expression-untyped",
        "{attribute} stands at an expression that is not marked as formal.",
        "Add xsi:type=\"tFormalExpression\", for tools that are stricter.",
        "表达式带有 {attribute}，却没有标记为形式表达式。",
        "如需交给更严格的工具，请加 xsi:type=\"tFormalExpression\"。",
    ),
    Rule(
        "reference-astray",
        "{attribute} names “{target}”, which is not {expected_en}. Nothing that runs depends on it.",
        "Correct it, or save the diagram again from a modeler.",
        "{attribute} 指向“{target}”，但那不是{expected_zh}。执行不受影响。",
        "请改正，或用建模工具重新保存。",
    ),
    Rule(
        "extension-ignored",
        "{extension} belongs to another tool and has no meaning here.",
        "Remove it if it was meant to do something.",
        "{extension} 属于其他工具，此处没有含义。",
        "若本想让它起作用，请改用此处的写法。",
    ),
    Rule(
        "gateway-without-effect",
        "The gateway has one way in and one way out.",
        "Remove it, or draw the missing flow.",
        "网关只有一条进入、一条引出的顺序流。",
        "请删去，或补画缺少的顺序流。",
    ),
    Rule(
        "default-absent",
        "There is no default flow: where no condition holds, the proceeding cannot go on.",
        "Make one flow the default.",
        "没有默认流：条件都不成立时程序无法继续。",
        "请指定一条默认流。",
    ),
    Rule(
        "taken-at-reset",
        "The flow may be taken twice: when enough tokens have come, and again when the rest has come and the gateway is reset.",
        "Ask waitingForStart in its condition: true when enough have come, false at the reset.",
        "该顺序流可能走两次：令牌足够时一次，其余令牌到齐、网关复位时又一次。",
        "请在条件中判断 waitingForStart：足够时为真，复位时为假。",
    ),
    Rule(
        "join-stuck",
        "The gateway may wait for ever: tokens may come by some of its ways only ({way}).",
        "Check that the conditions exclude this, or join otherwise.",
        "网关可能一直等待：可能只有部分路径上有令牌到达（{way}）。",
        "请确认条件已排除这种情形，或改变汇合方式。",
    ),
    Rule(
        "runs-twice",
        "Two tokens may come here at once, and what follows would be done twice ({way}).",
        "Join them with a parallel or inclusive gateway, if once is meant.",
        "可能有两个令牌到达此处，其后各环节会执行两次（{way}）。",
        "若只应执行一次，请先用并行网关或包容网关汇合。",
    ),
    Rule(
        "variable-unwritten",
        "“{expression}” asks for “{variable}”, which nothing in the diagrams gives: whoever begins the proceeding must.",
        "Write {near}, if that is meant.",
        "“{expression}”用到“{variable}”，图中没有任何环节给出它，只能来自启动程序者。",
        "如指 {near}，请改正。",
    ),
    Rule(
        "condition-constant",
        "The condition “{expression}” asks for nothing: it is always the same.",
        "Write what decides, make the flow the default, or remove it.",
        "条件“{expression}”不取决于任何变量，结果总是一样。",
        "请写明取决于什么，或设为默认流，或删去该流。",
    ),
    Rule(
        "loop-idle",
        "Nothing in this loop waits, and nothing in it changes what its conditions ask: it may go round for ever.",
        "Let the way back lead to a task or event.",
        "循环中没有等待的环节，也不改变条件所依据的变量：一旦返回，可能永远循环。",
        "请让返回的路径连到任务或事件。",
    ),
    Rule(
        "nothing-to-undo",
        "Nothing beside the event can be undone.",
        "Attach a compensation event to the activities that it is meant for.",
        "同一层没有可补偿的活动。",
        "请在要撤销的活动上附着补偿事件。",
    ),
    Rule(
        "never-thrown",
        "Nothing in this activity can throw what the event waits for ({event}).",
        "Attach it to a service or script task, a sub-process or a call activity.",
        "该活动内没有任何环节会抛出此事件所等的{event}。",
        "请附着在服务任务、脚本任务、子流程或调用活动上。",
    ),
    Rule(
        "flow-order",
        "The conditions are looked at in the order of the flows in the file, which is not the order the gateway lists.",
        "Make the conditions exclude one another.",
        "条件按文件中顺序流的次序判断，与网关所列次序不同。",
        "请让各条件互相排斥。",
    ),
)  # fmt: skip

LONGEST = 300
"""Characters of an artefact's text that a finding shows at most."""

RULES = {rule.code: rule for rule in _RULES}


EXAMINED = frozenset(
    {
        "attribute-unknown",
        "attribute-value",
        "element-missing",
        "element-unknown",
        "extension-foreign",
        "extension-unknown",
        "field-of-none",
        "field-unknown",
        "id-duplicate",
        "id-malformed",
        "join-never",
        "kinds-apart",
        "loop-without-exit",
        "must-understand",
        "prefix-undeclared",
        "quantity-never",
        "reference-dangling",
        "text-here",
        "value-never",
        "variable-unknown",
    }
)
"""Rules that examine more than carrying out needs. A diagram that was published before one of them was there is still carried
out, for its proceedings go on for years: there, such a finding is a warning."""


def shortened(text: str) -> str:
    """What a stranger wrote, short enough to be shown."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


class Findings:
    """Findings and warnings as they are gathered."""

    def __init__(self, *, published: bool = False) -> None:
        """
        Args:
            published: whether the diagrams were accepted once, and proceedings may run by them.
        """
        self.published = published
        self.refusals: list[Finding] = []
        self.warnings: list[Finding] = []

    def refuse(self, code: str, place: Place, **facts: object) -> None:
        """Note that a rule is broken at a place."""
        if self.published and code in EXAMINED:
            self.warn(code, place, **facts)
        else:
            self.refusals.append(_finding(code, place, facts))

    def warn(self, code: str, place: Place, **facts: object) -> None:
        """Note that the diagram runs, but says something that it may not mean."""
        self.warnings.append(replace(_finding(code, place, facts), warning=True))

    def in_order(self) -> tuple[Finding, ...]:
        """The refusals, by file and line."""
        return tuple(sorted(self.refusals, key=lambda f: (f.source, f.line or 0)))


def _finding(code: str, place: Place, facts: dict[str, object]) -> Finding:
    rule = RULES[code]
    facts = {name: shortened(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return Finding(
        source=place.source,
        line=place.line,
        element=place.element,
        name=place.name,
        rule=code,
        why=rule.why.format(**facts),
        remedy=rule.remedy.format(**facts),
        why_zh=rule.why_zh.format(**facts),
        remedy_zh=rule.remedy_zh.format(**facts),
    )
