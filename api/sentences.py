"""The Chinese of every sentence in which an act is refused. May never hold a sentence that nobody raises.

The casework says its refusals in English, the language of its code. A person reads them in theirs: the test of the building
`test_every_refusal_can_be_read_in_chinese` finds each sentence raised anywhere and asks for its line here.
"""

from __future__ import annotations

CHINESE = {
    # the casework: classes of errors
    "The act could not be done.": "该操作未能完成。",
    "There is no such thing, or you may not know of it.": "该内容不存在，或您无权知悉。",
    "The act is refused; the refusal is recorded.": "该操作已被拒绝，拒绝情况已记录。",
    "You may not do this.": "您无权进行此操作。",
    "You already have a part in this case that excludes this one.": "您在本案中已承担的职责与此项职责不相容，应当回避。",
    "Somebody changed this since you read it.": "在您读取之后，内容已被他人更改。",
    "The task is no longer open.": "该任务已办结或不再开放。",
    "The procedure does not allow this now.": "程序当前不允许此操作。",
    "Some answers need to be put right.": "部分填写内容需要更正。",
    "The artefacts of the release cannot be carried out faithfully.": "该规程版本中有内容无法如实执行。",
    "The ledger does not verify.": "台账校验未通过。",
    "A protected value cannot be sealed or opened with the key at hand.": "现有密钥无法加密或解密受保护的内容。",
    # the casework: single refusals
    "This task asks nothing, so it takes no answers.": "此任务没有需要填写的内容，不接受填写。",
    "The message belongs to another matter than this procedure.": "该消息属于另一事项，与本程序无关。",
    "A signal is for those who wait now; it is not kept.": "信号只送达当时等待者，不予保留。",
    "Nobody has asked you to sign this.": "没有人请您签署此项。",
    "Only a person may do this.": "此操作只能由人员进行。",
    "Only an administrator may do this.": "此操作只能由系统管理员进行。",
    "Only those who register clues for this organ may open a case.": "只有本机关负责登记线索的人员可以登记立案线索。",
    "Only whoever completed a task may take it back.": "只有办结该任务的人员可以撤回。",
    "Only whoever holds this task may do that.": "只有该任务的当前办理人可以进行此操作。",
    "Only whoever oversees the cases of this organ may do this.": "只有本机关的督办负责人可以进行此操作。",
    "Somebody else has taken this task.": "该任务已由他人领取。",
    "That person does not hold the role this task asks for.": "对方不具备该任务要求的角色。",
    "This task is not for you.": "该任务不由您办理。",
    "Your roles do not allow this.": "您的角色不允许此操作。",
    "No release of the procedures is in force.": "目前没有生效的规程版本。",
    "That person does not hold this role.": "对方没有该角色。",
    "There is no such case, or it is not open to you.": "该案件不存在，或不对您开放。",
    "There is no such item of evidence.": "该证据不存在，或不对您开放。",
    "There is no such kind of case.": "没有这种案件类型。",
    "There is no such person or organ.": "没有该人员或机关。",
    "There is no such person.": "没有该人员。",
    "There is no such release.": "没有该规程版本。",
    "There is no such task, or it is not open to you.": "该任务不存在，或不对您开放。",
    "The case rests already.": "案件已经中止。",
    "The case does not rest, so it cannot be resumed.": "案件没有中止，无从恢复。",
    "The case is closed; its file takes nothing more.": "案件已办结，案卷不再接受新的内容。",
    "There is no such value.": "没有该项内容，或不对您开放。",
    "A delegated task cannot be delegated again.": "受委托的任务不能再次委托。",
    "A relation is between two persons.": "回避关系须在两人之间。",
    "Nothing has been submitted for signature yet.": "尚无提交待签署的内容。",
    "That is yourself.": "不能指定自己。",
    "That person is a signer already.": "对方已是签署人。",
    "The case has moved on since; this can no longer be taken back.": "案件此后已有进展，不能再撤回。",
    "The procedure does not wait for this now.": "程序当前不等待此操作。",
    "The procedure has no way back from this step.": "程序中此步骤没有退回的路径。",
    "The procedure of this kind of case does not begin with a task.": "该类案件的程序不是从任务开始的。",
    "There is no such role for members of the organ.": "机关人员没有该角色。",
    "This task is for you alone; it can be reassigned.": "该任务只由您办理，可以转办。",
    "This was urged within the last day.": "一日内已经催办过。",
    "You have signed this already.": "您已签署。",
    "A key for protected values is not a Fernet key.": "保护密钥的格式不正确。",
    "No key for protected values is set.": "没有设置保护密钥。",
    "A unit has no account; name the person who acts for it.": "单位没有账号，请指定代为办理的人员。",
    "Nothing in this case runs by such a process.": "本案中没有按该流程运行的程序。",
    "That person is a party of the case already.": "对方已是本案当事人。",
    "There is no such limit in this case.": "本案中没有该期限。",
    "There is no such party.": "没有该当事人。",
    "The procedure of this kind of case does not begin with a form.": "此类案件的程序不以填写表单开始。",
    "This is the party's account already.": "该账号已是此当事人的账号。",
    "Who is a respondent is decided with the filing.": "被调查人由立案时确定。",
    # the way in
    "The request could not be carried out.": "请求未能执行。",
    "Sign in, or send a bearer token.": "请登录，或提供访问令牌。",
    "Login or password is wrong.": "登录名或密码不正确。",
    "The old password is wrong.": "原密码不正确。",
    "There were too many failed sign-ins; try again later.": "登录失败次数过多，请稍后再试。",
    "Your session has ended; sign in again.": "登录已过期，请重新登录。",
    "The bearer token is unknown, revoked or expired.": "访问令牌不存在、已撤销或已过期。",
    "This account is disabled.": "该账号已停用。",
    "The request does not prove that it comes from our own page: send the CSRF token.": (
        "无法确认请求来自本系统页面，请附上 CSRF 令牌。"
    ),
    "Your roles do not open this.": "您的角色不能访问此处。",
    "A token cannot make another one; sign in with a password.": "令牌不能再生成令牌，请以密码登录。",
    "The body is not JSON as RFC 7493 wants it.": "请求正文不是符合 RFC 7493 的 JSON。",
    "The body must be JSON.": "请求正文须为 JSON。",
    "The body is not UTF-8.": "请求正文不是 UTF-8 编码。",
    "The body is not JSON.": "请求正文不是 JSON。",
    "The body is nested too deep.": "请求正文嵌套过深。",
    "The body must be a JSON object.": "请求正文须为 JSON 对象。",
    "A name occurs twice in one object.": "同一对象中有重复的名称。",
    "NaN and Infinity are no JSON numbers.": "NaN 与 Infinity 不是 JSON 数值。",
    "The body must be a multipart form.": "请求正文须为多部分表单（multipart）。",
    "The multipart form cannot be read.": "无法读取该多部分表单。",
    "The content of this item is not in the store; tell your administrator.": "存储中没有此证据的内容，请告知系统管理员。",
    "The body is too large.": "请求正文过大。",
    "The body is of a type that is not taken here.": "此处不接受该类型的正文。",
    "A header of the request cannot be read.": "请求的一个标头无法读取。",
    "An idempotency key has 1 to 200 visible ASCII characters.": "幂等键须为 1 至 200 个可见的 ASCII 字符。",
    'If-Match holds one version in quotes, such as "3".': 'If-Match 须为带引号的一个版本号，如 "3"。',
    "If-Match and expected_version name different versions.": "If-Match 与 expected_version 给出的版本不一致。",
    "Say which version you have read: `expected_version` in the body, or `If-Match`.": (
        "请说明您读取的版本：正文中的 expected_version，或 If-Match 标头。"
    ),
    "This idempotency key was used for another request.": "该幂等键已用于另一请求。",
    "The password was changed in the meantime.": "密码在此期间已被更改。",
    "This login is taken, or this person has an account already.": "该登录名已被使用，或该人员已有账号。",
    "There is no such token.": "没有该令牌。",
    "There is no account with this login.": "没有该登录名的账号。",
}
"""English sentence → Chinese."""


def in_chinese(sentence: str) -> str | None:
    """The Chinese of a sentence; None where it has none, and then nothing is shown rather than English."""
    return CHINESE.get(sentence)
