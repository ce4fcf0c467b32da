"""The pages of a case, as people read them and fill in their forms: who sees what, and what each may do."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from tests.casework import answering
from tests.journeys.bureau import PARTS, PDF, Bureau, Casefile
from tests.journeys.readers import OURS, Reader, words
from tests.journeys.test_a_case_in_pages import as_written
from tests.journeys.visitors import BOUNDARY
from workflows.records import Evidence, LedgerEntry

HAN = re.compile(r"[\u3400-\u9fff]")


# --- the file of a case -----------------------------------------------------------------------------------------------


def test_whoever_oversees_finds_the_case_in_the_list_and_opens_its_file(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    reader = read(bureau, "督办员午").open("/cases")
    assert reader.heading == "1件案件"

    reader.follow(number(bureau))
    assert reader.heading == "处罚决定逾期"
    assert "决定是否受理线索：还有5个工作日" in reader.text
    assert "接下来：决定是否受理" in reader.text
    assert "行政执法监督机构，待签收" in reader.text


def test_the_file_tells_what_happened_in_words(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted()
    entries = timeline(read(bureau, "督办员午").open(file(bureau)))
    assert entries[-1].startswith("登记线索，立卷 3月2日")
    assert entries[-2].startswith("决定是否受理：案件转为“已受理”")


def test_the_file_can_be_read_from_its_beginning_and_page_by_page(bureau: Bureau) -> None:
    Casefile(
        bureau
    ).opened().accepted().inquired().filed().investigated().determined().noticed().defended().found_lawful().resolved()
    reader = read(bureau, "督办员午").open(file(bureau))
    newest = timeline(reader)
    reader.follow("再看更早的")
    assert timeline(reader)[-1].startswith("登记线索")
    assert not set(newest) & set(timeline(reader))

    reader.open(file(bureau)).follow("从头看起")
    assert timeline(reader)[0].startswith("登记线索")


@pytest.mark.parametrize("part", ["法制员庚", "执法员未", "复核员卯"])
def test_a_stranger_is_told_that_there_is_no_such_page(bureau: Bureau, part: str) -> None:
    Casefile(bureau).opened()
    limit = bureau.file()["clocks"][0]["id"]
    reader = read(bureau, part)
    for address in (
        file(bureau),
        f"{file(bureau)}/limits/{limit}",
        f"{file(bureau)}/actions/withdraw",
        f"{file(bureau)}/evidence/new",
        f"/matters/{bureau.case_id}",
    ):
        assert reader.open(address).status == 404, address
    assert reader.post(f"{file(bureau)}/ledger", [("csrf_token", token(reader))]).status == 404
    assert "没有符合条件" not in reader.open("/cases").text
    assert number(bureau) not in reader.text


def test_a_case_is_found_by_its_number_its_title_and_its_state(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    reader = read(bureau, "督办员午").open("/cases")
    for wanted in ({"search": number(bureau)[-4:]}, {"search": "决定逾期"}, {"state": "REGISTERED"}):
        assert number(bureau) in reader.open(f"/cases?{urlencode(wanted)}").text, wanted
    for unwanted in ({"search": "扣押"}, {"search": "%"}, {"state": "ARCHIVED"}):
        reader.open(f"/cases?{urlencode(unwanted)}")
        assert "没有符合条件的案件" in reader.text, unwanted
    assert number(bureau) in reader.follow("清除条件").text


@pytest.mark.parametrize("wanted", ["search=%00", "state=%00", "search=" + "长" * 3000, "after=nonsense", "state=NONE"])
def test_a_search_for_nonsense_finds_nothing_and_breaks_nothing(bureau: Bureau, wanted: str) -> None:
    Casefile(bureau).opened()
    assert read(bureau, "督办员午").open(f"/cases?{wanted}").status in (200, 422)


@pytest.mark.parametrize("beyond", ["x", "-1", "9" * 30, "１"])
def test_a_place_in_the_timeline_that_is_none_is_not_found(bureau: Bureau, beyond: str) -> None:
    Casefile(bureau).opened()
    assert read(bureau, "督办员午").open(f"{file(bureau)}?beyond={beyond}").status == 404


def test_every_limit_shows_each_day_that_counts_or_does_not(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    reader = read(bureau, "督办员午").open(file(bureau)).follow("决定是否受理线索")
    assert reader.heading == "“决定是否受理线索”是怎么算的"
    assert "3月2日收到线索，期限从次日起算，只算工作日。" in reader.text
    assert [cell for cell in spoken(reader) if "届满" in cell] == ["3月9日，届满，第5日"]
    assert "3月7日，休，不计入" in spoken(reader)


def test_the_ledger_of_a_case_is_gone_through_on_its_page(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    reader = read(bureau, "督办员午").open(file(bureau)).submit(button="核验")
    assert "核验一致" in reader.text


def test_a_broken_ledger_is_said_with_the_place(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted()
    with bureau.application.ground.database.engine.begin() as connection:
        first = LedgerEntry.__table__.update().where(LedgerEntry.chain == bureau.case_id, LedgerEntry.number == 2)
        connection.execute(first.values(actor="somebody else"))
    reader = read(bureau, "督办员午").open(file(bureau)).submit(button="核验")
    assert "第2条与前一条接不上。" in reader.text


# --- registering a clue -----------------------------------------------------------------------------------------------


def test_a_clue_is_registered_on_a_page_and_becomes_a_case(bureau: Bureau) -> None:
    reader = read(bureau, "登记员甲").open("/cases").follow("登记线索")
    clue = as_written(answering.clue(bureau))  # type: ignore[arg-type]
    reader.submit(clue | {"case_title": "处罚决定逾期", "facts": ""})
    assert list(reader.errors()) == ["facts"]
    assert reader.values()["case_title"] == ["处罚决定逾期"]
    assert reader.values()["object_unit"] == ["云湖区市场监督管理局"]

    reader.submit({"facts": "不予处罚决定落款晚于法定期限。"})
    assert reader.heading == "处罚决定逾期"
    assert re.search(r"线索已登记，案号问责〔2026〕\d{4}。", reader.text)
    assert "接下来：决定是否受理" in reader.text


def test_a_clue_needs_a_title(bureau: Bureau) -> None:
    reader = read(bureau, "登记员甲").open("/clues/new")
    reader.submit(as_written(answering.clue(bureau)))  # type: ignore[arg-type]
    assert list(reader.errors()) == ["case_title"]


def test_rows_of_people_named_are_added_without_losing_what_was_typed(bureau: Bureau) -> None:
    reader = read(bureau, "登记员甲").open("/clues/new")
    reader.submit({"case_title": "两个人的事", "object_persons-0-name": "甲"}, press="add-row=object_persons:1")
    assert reader.values()["case_title"] == ["两个人的事"]
    assert reader.values()["object_persons-0-name"] == ["甲"]
    assert "object_persons-1-name" in reader.values()


def test_only_those_who_register_clues_get_the_page(bureau: Bureau) -> None:
    assert read(bureau, "调查员丁").open("/clues/new").status == 403


def test_who_is_named_gets_their_account_linked_and_no_other_name_will_do(bureau: Bureau) -> None:
    Casefile(bureau).opened(object_persons=[{"name": "王大力", "post": "执法队员"}])
    reader = read(bureau, "登记员甲").open(file(bureau)).follow("关联账号")
    assert reader.heading == "哪个账号是王大力的？"
    reader.submit({"login": "nobody.at.all", "reason": "电话核对"})
    assert reader.errors() == {"login": "没有这个用户名，请再核对"}

    reader.submit({"login": PARTS["执法员未"]})
    assert "账号已关联。" in reader.text
    parties = bureau.file()["parties"]
    assert [party["has_account"] for party in parties if party["name"] == "王大力"] == [True]


# --- sealed values ----------------------------------------------------------------------------------------------------


def test_who_reported_is_covered_and_opened_only_for_a_reason_that_is_kept(bureau: Bureau) -> None:
    reported(bureau)
    reader = read(bureau, "登记员甲").open(file(bureau))
    assert "举报人姓名或者单位名称" in reader.text
    assert "李明" not in reader.answer.get_data(as_text=True)

    reader.open(opening(reader, "举报人姓名")).submit({"reason": ""})
    assert reader.errors() == {"reason": "请填写"}
    reader.submit({"reason": "答复举报人"})
    assert "李明" in reader.text
    assert "此次阅读已记入台账" in reader.text

    (entry,) = [each for each in ledger(bureau) if each.act == "protected.read"]
    assert (entry.actor, entry.reason) == ("林晓雯", "答复举报人")
    assert "打开受保护的内容：举报人姓名或者单位名称" in read(bureau, "督办员午").open(file(bureau)).text


def test_who_may_not_open_it_is_offered_nothing_and_gets_nothing(bureau: Bureau) -> None:
    reported(bureau)
    address = opening(read(bureau, "登记员甲").open(file(bureau)), "联系方式")
    reader = read(bureau, "督办员午").open(file(bureau))
    assert "只对有权阅读的人开放" in reader.text
    assert reader.page.xpath("//*[@id='protected']//a") == []
    answer = reader.post(address, [("csrf_token", token(reader)), ("reason", "好奇")])
    assert answer.status == 403
    assert "13900000000" not in answer.answer.get_data(as_text=True)


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_a_file_is_handed_in_on_a_page_and_read_again_and_both_are_kept(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    reader = read(bureau, "调查员丁").open(file(bureau)).follow("登记证据")
    hand_in(reader, PDF, "决定书.pdf", note="决定书的落款日期")
    assert "“决定书.pdf”已收下。" in reader.text
    assert "证1 决定书.pdf" in reader.text

    download = reader._client.get(reader.link("证1"), headers=OURS)
    assert download.data == PDF
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert [entry.act for entry in ledger(bureau)[-2:]] == ["evidence.registered", "evidence.read"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ\x90\x00" + bytes(200), "决定书.pdf", "不接受可执行程序。"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "决定书.pdf", "文件名表明是PDF 文件，内容却是PNG 图像。"),
        (b"", "决定书.pdf", "文件是空的。"),
        (b"", "", "文件没有可用的名称。"),
    ],
    ids=["a program", "another type", "empty", "none chosen"],
)
def test_a_file_that_is_not_taken_is_said_with_the_reason(bureau: Bureau, content: bytes, name: str, said: str) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    reader = read(bureau, "调查员丁").open(f"{file(bureau)}/evidence/new")
    hand_in(reader, content, name)
    assert reader.status == 422
    assert reader.errors() == {"file": said}
    assert bureau.file()["evidence"] == []


def test_a_file_that_is_too_large_is_not_taken(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    reader = read(bureau, "调查员丁").open(f"{file(bureau)}/evidence/new")
    most = bureau.application.settings.evidence_limit
    hand_in(reader, PDF + bytes(most), "长.pdf")
    assert reader.status == 413
    assert list(reader.errors()) == ["file"]
    assert bureau.file()["evidence"] == []


@pytest.mark.parametrize("forged", ["", "somebody else’s"])
def test_a_file_from_a_page_that_is_not_ours_is_not_taken(bureau: Bureau, forged: str) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    reader = read(bureau, "调查员丁").open(f"{file(bureau)}/evidence/new")
    hand_in(reader, PDF, "决定书.pdf", token=forged, site="cross-site")
    assert reader.status == 403
    with bureau.application.ground.database.reading() as session:
        assert session.scalars(select(Evidence)).all() == []
    store = bureau.application.settings.evidence_folder
    assert [path for path in store.rglob("*") if path.is_file()] == []


# --- what the procedure is told ---------------------------------------------------------------------------------------


def test_an_officer_asks_for_a_recusal_with_a_reason(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    reader = read(bureau, "调查员丁").open(file(bureau)).follow("回避申请")
    reader.submit({"reason": ""})
    assert reader.errors() == {"reason": "请填写"}
    reader.submit({"reason": "当事人是我的同学。"})
    assert "“回避申请”已提交。" in reader.text
    assert "当事人是我的同学。" in reader.text
    assert "接下来：决定是否回避" in reader.text


def test_what_is_applied_for_too_late_is_kept_on_the_page(bureau: Bureau) -> None:
    story = Casefile(bureau).opened().accepted().inquired().filed()
    reader = read(bureau, "调查员丁").open(f"{file(bureau)}/actions/recusal")
    story.investigated()
    reader.submit({"reason": "写了很久的理由。"})
    assert reader.status == 409
    assert reader.values()["reason"] == ["写了很久的理由。"]
    reader.submit()
    assert "“回避申请”已提交。" in reader.text


# --- the respondent ---------------------------------------------------------------------------------------------------


def test_a_respondent_sees_nothing_of_a_clue(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    reader = read(bureau, "执法员未").open("/")
    assert reader.heading == "现在没有与您有关的案件"


def test_a_respondent_reads_what_they_may_do_until_when_and_why(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed().investigated().determined().noticed()
    reader = read(bureau, "执法员未").open("/")
    assert reader.heading == "处罚决定逾期"
    assert "您现在可以 陈述、申辩 最后一日 3月9日 星期一 还有5个工作日" in reader.text
    assert "不会因为您申辩而加重处理。" in reader.text
    assert "告知的事实决定超过法定期限二日。" in reader.text
    assert "告知的证据证1 决定书.pdf" in reader.text
    assert "申请复核或者申诉收到处理决定后30天内可以提出" in reader.text
    assert "正在办理：告知、法制审核、集体讨论、决定" in reader.text

    reader.follow("为什么是这一天")
    assert [cell for cell in spoken(reader) if "届满" in cell] == ["3月9日，届满，第5日"]


def test_a_respondent_sees_nothing_of_others_nor_of_who_reported(bureau: Bureau) -> None:
    reported(bureau)
    bureau.complete("notify_complainant", "登记员甲", told(bureau))
    Casefile(bureau).inquired().filed().investigated().determined().noticed().defended()
    reader = read(bureau, "执法员未").open("/")
    whole = reader.answer.get_data(as_text=True)
    for name in ("李明", "13900000000", "陈志远", "吴静怡", "赵立新", "举报", "复核陈述申辩", "重大过失"):
        assert name not in whole, name
    assert reader.open(file(bureau)).status == 404
    agencys = next(clock for clock in bureau.file()["clocks"] if clock["party_id"] is None)
    assert reader.open(f"/matters/{bureau.case_id}/limits/{agencys['id']}").status == 404


def test_a_respondent_hands_in_material_and_has_a_receipt_for_it(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed().investigated().determined().noticed()
    reader = read(bureau, "执法员未").open("/").follow("提交材料")
    hand_in(reader, PDF, "处理意见.pdf")
    assert reader.at.startswith(f"/matters/{bureau.case_id}")
    assert "处理意见.pdf" in reader.text

    reader.follow("看回执")
    kept = next(entry for entry in ledger(bureau) if entry.act == "evidence.registered" and entry.number > 9)
    assert reader.heading == "回执：提交材料：处理意见.pdf"
    assert kept.hash in reader.text
    assert kept.body["what"]["sha256"] in reader.text


def test_a_respondent_applies_for_a_review_and_reads_it_on_the_receipt(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed().investigated().determined().noticed()
    Casefile(bureau).defended().found_lawful().resolved().decided()
    bureau.complete("serve_decision", "送达员丑", answering.serve(bureau, bureau.file()["evidence"][0]["id"]))  # type: ignore[arg-type]
    reader = read(bureau, "执法员未").open("/")
    assert "您现在可以 申请复核 最后一日 4月1日 星期三" in reader.text

    reader.follow("申请复核")
    assert reader.values()["challenged_decision_no"] == ["云司问责决〔2026〕1号"]
    assert reader.values()["known_at"] == [bureau.today]
    reader.submit({"applicant_kind": "self", "track": "local", "requests": "撤销决定。"})
    assert list(reader.errors()) == ["grounds"]
    assert reader.values()["requests"] == ["撤销决定。"]
    reader.submit({"grounds": "十二月四日已形成处理意见。"})
    assert "“申请复核”已提交。" in reader.text
    assert "撤回申请现在可以提出" in reader.text

    reader.follow("看回执")
    assert reader.heading == "回执：申请复核"
    assert "十二月四日已形成处理意见。" in reader.text
    assert bureau.file()["state"] == "UNDER_REVIEW"
    assert "十二月四日已形成处理意见。" in read(bureau, "监督员乙").open(file(bureau)).text


def test_nobody_reads_the_receipts_of_somebody_else(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed().investigated().determined().noticed()
    reader = read(bureau, "执法员未")
    others = next(entry.number for entry in ledger(bureau) if entry.actor != "王大力")
    assert reader.open(f"/matters/{bureau.case_id}/receipts/{others}").status == 404


# --- notices ----------------------------------------------------------------------------------------------------------


def test_the_bell_tells_what_is_new_until_one_has_looked(bureau: Bureau) -> None:
    Casefile(bureau).opened()
    bureau.pass_time(8)
    reader = Reader(bureau.application, PARTS["监督员乙"]).open("/desk")
    new = bell(reader)
    assert re.fullmatch(r"\d+条新通知", new)

    reader.open("/notices")
    assert reader.heading == new
    assert "红牌：“决定是否受理线索”已逾期" in reader.text
    assert bell(reader.open("/desk")) == "没有新的通知"
    assert reader.open("/notices").follow("红牌").heading == "处罚决定逾期"


# --- English ----------------------------------------------------------------------------------------------------------


def test_the_pages_in_english_have_no_chinese_word_of_ours(bureau: Bureau) -> None:
    reported(bureau)
    bureau.complete("notify_complainant", "登记员甲", told(bureau))
    bureau.pass_time(3)
    Casefile(bureau).inquired().filed().investigated().determined().noticed().defended().found_lawful()
    clerk = Reader(bureau.application, PARTS["登记员甲"], language="en")
    overseer = Reader(bureau.application, PARTS["督办员午"], language="en")
    officer = Reader(bureau.application, PARTS["执法员未"], language="en")
    limit = bureau.file()["clocks"][0]["id"]
    for reader, address in (
        (overseer, "/cases"),
        (overseer, file(bureau)),
        (overseer, f"{file(bureau)}?order=oldest"),
        (overseer, f"{file(bureau)}/limits/{limit}"),
        (overseer, "/notices"),
        (clerk, "/clues/new"),
        (clerk, opening(clerk.open(file(bureau)), "Name of the complainant")),
        (officer, f"/matters/{bureau.case_id}"),
        (officer, f"{file(bureau)}/evidence/new"),
        (officer, f"{file(bureau)}/actions/recusal"),
    ):
        assert reader.open(address).status == 200, address
        assert unmarked(reader) == [], address


# --- what they need ---------------------------------------------------------------------------------------------------


def read(bureau: Bureau, part: str) -> Reader:
    return Reader(bureau.application, PARTS[part])


def file(bureau: Bureau) -> str:
    return f"/cases/{bureau.case_id}"


def number(bureau: Bureau) -> str:
    return str(bureau.file()["number"])


def token(reader: Reader) -> str:
    return str(reader.page.xpath("string(//meta[@name='csrf-token']/@content)"))


def timeline(reader: Reader) -> list[str]:
    return [words(entry) for entry in reader.page.xpath("//ol[@class='timeline']/li")]


def spoken(reader: Reader) -> list[str]:
    """The days of a count as they are read out."""
    return [words(cell) for cell in reader.page.xpath("//table[@class='days']//td/span[@class='sr']")]


def bell(reader: Reader) -> str:
    return str(reader.page.xpath("string(//a[@href='/notices' and @aria-label]/@aria-label)"))


def ledger(bureau: Bureau) -> list[LedgerEntry]:
    query = select(LedgerEntry).where(LedgerEntry.chain == bureau.case_id).order_by(LedgerEntry.number)
    with bureau.application.ground.database.reading() as session:
        return list(session.scalars(query))


def reported(bureau: Bureau) -> None:
    """A case that somebody reported by name, as far as the telling of whether it was accepted."""
    who = {"complainant_name": "李明", "complainant_contact": "13900000000", "complainant_relation": "PARTY"}
    Casefile(bureau).opened(anonymous=False, **who).accepted()


def told(bureau: Bureau) -> dict[str, Any]:
    return {"complainant_told_at": bureau.today, "complainant_told_by": "PHONE", "told": "已告知受理。"}


def opening(reader: Reader, label: str) -> str:
    """Where a sealed value is opened."""
    rows = reader.page.xpath("//*[@id='protected']//li")
    return next(str(row.xpath(".//a/@href")[0]) for row in rows if words(row).startswith(label))


def hand_in(
    reader: Reader, content: bytes, name: str, *, note: str = "", token: str | None = None, site: str = "same-origin"
) -> None:
    """Send the form of the page with a file, as a browser does."""
    form = reader.form("提交这份文件")
    fields = dict(form.form_values()) | {"note": note}
    if token is not None:
        fields["csrf_token"] = token
    parts = [(f'form-data; name="{key}"', value.encode()) for key, value in fields.items() if key != "file"]
    parts.append((f'form-data; name="file"; filename="{name}"', content))
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: {about}\r\n\r\n".encode() + part + b"\r\n" for about, part in parts
    )
    answer = reader._client.post(
        form.get("action"),
        data=body + f"--{BOUNDARY}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers=OURS | {"Sec-Fetch-Site": site},
        follow_redirects=True,
    )
    reader._take(answer)


def unmarked(reader: Reader) -> list[str]:
    """Chinese on an English page that is not said to be Chinese: words of ours that were not translated."""
    found = []
    for element in reader.page.iter("*"):
        if element.tag in ("script", "style", "title", "option", "textarea") or not isinstance(element.tag, str):
            continue
        if any(place.get("lang") == "zh-CN" for place in [element, *element.iterancestors()]):
            continue
        own = [element.text or "", *(child.tail or "" for child in element)]
        attributes = [element.get(name, "") for name in ("aria-label", "data-here", "data-failed", "placeholder")]
        found += [text.strip() for text in (*own, *attributes) if HAN.search(text)]
    return found
