"""The seven registers (政务公开台账): their fields in the office's words, and what contradicts what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.errors import InputError
from domain.registerchoices import (
    Answer,
    Applicant,
    Area,
    Arrival,
    ChannelKind,
    Consulted,
    DecisionKind,
    Form,
    Hearing,
    Outcome,
    PressKind,
    PublicationTerm,
    Rank,
    Reporter,
    Suit,
    Told,
)
from domain.registers import FieldType, Register, RegisterField, RegisterKind, Values

LEAST_CONSULTED = 30  # days of 公开征求意见: 重大行政决策程序暂行条例（国令713号）第15条
MOST_EXTENDED = 20  # working days of an extension: 条例第33条
F, T = RegisterField, FieldType


def _in_order(values: Values, first: str, then: str, words: str) -> None:
    if first in values and then in values and values[then] < values[first]:
        raise InputError(words, then)


def _together(values: Values, one: str, *others: tuple[str, str]) -> None:
    """Where `one` is filled in, each of the others must be."""
    for key, words in others:
        if one in values and key not in values:
            raise InputError(words, key)


def _disclosure(values: Values) -> None:
    for key, words in (
        ("notice_on", "补正告知日早于收到日。"),
        ("answered_on", "答复日早于收到日。"),
        ("asked_on", "征求意见日早于收到日。"),
        ("extended_on", "延期告知日早于收到日。"),
    ):
        _in_order(values, "received_on", key, words)
    _in_order(values, "notice_on", "corrected_on", "收到补正的日子早于补正告知日。")
    _in_order(values, "asked_on", "opinion_on", "收到意见的日子早于征求意见日。")
    _in_order(values, "review_on", "review_closed_on", "复议审结日早于受理日。")
    _in_order(values, "suit_on", "suit_closed_on", "诉讼审结日早于立案日。")
    _together(values, "answered_on", ("answer", "有答复日，请选办理结果。"))
    _together(values, "answer", ("answered_on", "有办理结果，请填答复日。"))
    _together(values, "corrected_on", ("notice_on", "收到了补正，请填补正告知日。"))
    _together(values, "opinion_on", ("asked_on", "收到了意见，请填征求意见日。"))
    _together(
        values,
        "extended_on",
        ("extension_days", "请填延长几个工作日。"),
        ("extension_reason", "延期要有理由。"),
        ("consented_by", "延期要经公开工作机构负责人同意，请填是谁（条例第33条）。"),
    )
    if not 1 <= values.get("extension_days", 1) <= MOST_EXTENDED:
        raise InputError("延长的期限最长 20 个工作日（条例第33条）。", "extension_days")
    _together(values, "extension_days", ("extended_on", "延期要告知申请人，请填告知日。"))
    _together(
        values, "review_closed_on", ("review_result", "复议审结了，请选结果。"), ("review_on", "请填复议受理日。")
    )
    _together(values, "suit_closed_on", ("suit_result", "诉讼审结了，请选结果。"), ("suit_on", "请填诉讼立案日。"))
    _together(values, "review_result", ("review_closed_on", "有复议结果，请填审结日。"))
    _together(values, "suit_result", ("suit_closed_on", "有诉讼结果，请填审结日。"))
    _together(values, "suit_on", ("suit", "请选是直接起诉还是复议后起诉。"))


DISCLOSURE = Register(
    RegisterKind.DISCLOSURE,
    "每收到一件申请登记一行：答复、补正、征求意见、延期各计各的时限；年度报告的表由这里填出。申请人姓名留在卷宗，不录入。",
    (
        F("number", "登记号", headings=("编号", "申请编号", "登记编号", "留言编号", "受理号"), width=104),
        F("received_on", "收到日期", T.DAY, True, headings=("收到申请日期", "收到时间", "申请时间", "申请日期", "留言时间", "受理时间"), hint="当面：提交之日；邮寄：签收之日；平信、网络、传真：确认之日（条例第31条）", width=96),
        F("arrival", "提交方式", T.CHOICE, choices=Arrival, headings=("申请方式", "收到方式"), width=110),
        F("applicant", "申请人类别", T.CHOICE, True, Applicant, ("申请人情况", "申请人性质"), width=92),
        F("content", "申请内容", T.LINES, True, headings=("内容", "申请事项", "所需信息", "留言主题", "事项", "标题", "留言详情"), width=260),
        F("unit", "承办单位", headings=("承办科室", "责任单位"), width=110),
        F("unclear", "内容不明确，需补正", T.YES, headings=("是否补正",)),
        F("notice_on", "补正告知日", T.DAY, hint="收到之日起 7 个工作日内一次性告知（条例第30条）"),
        F("correct_by", "申请人补正截止日", T.DAY, to_come=True),
        F("corrected_on", "收到补正日", T.DAY, hint="答复期限从这一天重新起算"),
        F("consulted", "征求谁的意见", T.CHOICE, choices=Consulted),
        F("asked_on", "征求意见日", T.DAY, hint="征求意见所需时间不计入答复期限（条例第33条）"),
        F("opinion_on", "收到意见日", T.DAY, hint="第三方 15 个工作日内提出；到期不答的，从期满起继续计"),
        F("extended_on", "延期告知日", T.DAY, hint="在期限届满前告知申请人才有效，只能延一次"),
        F("extension_days", "延长几个工作日", T.NUMBER, hint="最长 20"),
        F("extension_reason", "延期理由"),
        F("consented_by", "同意延期的负责人"),
        F("answered_on", "答复日", T.DAY, headings=("答复日期", "答复时间", "办结日期"), width=96),
        F("answer", "办理结果", T.CHOICE, choices=Answer, headings=("答复类型", "答复结果"), width=130),
        F("document", "答复文号", headings=("告知书文号", "文号")),
        F("review_on", "复议受理日", T.DAY),
        F("review_closed_on", "复议审结日", T.DAY),
        F("review_result", "复议结果", T.CHOICE, choices=Outcome),
        F("suit", "诉讼类别", T.CHOICE, choices=Suit),
        F("suit_on", "诉讼立案日", T.DAY),
        F("suit_closed_on", "诉讼审结日", T.DAY),
        F("suit_result", "诉讼结果", T.CHOICE, choices=Outcome),
        F("remark", "备注", T.LINES),
    ),
    "content",
    "received_on",
    ("answered_on",),
    ("number", "received_on", "content"),
    ("applicant", "answer"),
    check=_disclosure,
)  # fmt: skip


def _decision(values: Values) -> None:
    _in_order(values, "from_on", "to_on", "征求意见的截止日早于开始日。")
    _in_order(values, "to_on", "adopted_on", "采纳情况的公布日早于征求意见截止日。")
    if {"from_on", "to_on"} <= values.keys() and (values["to_on"] - values["from_on"]).days < LEAST_CONSULTED:
        _together(
            values,
            "to_on",
            ("short_reason", f"征求意见不足 {LEAST_CONSULTED} 日的，请写明理由（国令713号第15条）。"),
        )
    if values.get("adopted", 0) > values.get("opinions", values.get("adopted", 0)):
        raise InputError("采纳的条数多于收到的意见。", "adopted")
    _together(values, "adopted_on", ("adopted_link", "采纳情况已公布，请填公布的网址。"))


DECISION = Register(
    RegisterKind.DECISION,
    "每个公开征求意见的决策草案一行：征求意见一般不少于 30 日，短于 30 日写明理由；意见采纳情况要公布；引起的关切写上编号。",
    (
        F("title", "决策事项", T.LINE, True, headings=("事项", "文件名称", "标题", "草案名称"), width=260),
        F("decision", "类别", T.CHOICE, choices=DecisionKind, width=104),
        F("unit", "承办单位", headings=("起草单位", "责任单位"), width=110),
        F("from_on", "征求意见开始", T.DAY, True, headings=("开始日期", "征求意见开始日期"), to_come=True, width=96),
        F("to_on", "征求意见截止", T.DAY, True, headings=("截止日期", "征求意见截止日期"), to_come=True, width=96),
        F("short_reason", "不足30日的理由"),
        F("ways", "听取意见的方式", T.CHOICES, choices=Hearing, headings=("征求方式",)),
        F("link", "征求意见网址", T.LINK, headings=("网址", "链接")),
        F("opinions", "收到意见（条）", T.NUMBER, headings=("意见数", "收到意见"), width=80),
        F("adopted", "采纳（条）", T.NUMBER, headings=("采纳数",), width=70),
        F("adopt_by", "采纳情况计划公布日", T.DAY, to_come=True),
        F("adopted_on", "采纳情况公布日", T.DAY, headings=("采纳公布日期",), width=110),
        F("adopted_link", "采纳情况网址", T.LINK),
        F("decided_on", "决策公布日", T.DAY, headings=("出台日期",)),
        F("decided_link", "决策文件网址", T.LINK),
        F("evaluate_by", "后评估计划日", T.DAY, to_come=True),
        F("evaluated_on", "后评估完成日", T.DAY),
        F("case", "引起的关切（编号）", T.CASE, headings=("关切编号",)),
        F("remark", "备注", T.LINES),
    ),
    "title",
    "from_on",
    ("adopted_on",),
    ("title", "from_on"),
    ("decision",),
    also=(("evaluate_by", "evaluated_on"),),
    check=_decision,
)  # fmt: skip


def _explanation(values: Values) -> None:
    _together(values, "explained_on", ("link", "解读已发布，请填解读的网址。"), ("forms", "请选解读的形式。"))


EXPLANATION = Register(
    RegisterKind.EXPLANATION,
    "每个要解读的文件一行：与文件同步发布；本单位设了期限的，最迟几个工作日内。谁解读、用什么形式、讲了哪几点，都在这里记。",
    (
        F("title", "文件名称", T.LINE, True, headings=("文件", "政策名称", "标题"), width=260),
        F("document", "文号", width=120),
        F("unit", "起草单位", headings=("责任单位",), width=110),
        F("issued_on", "文件发布日", T.DAY, True, headings=("印发日期", "发布日期"), to_come=True, width=96),
        F("document_link", "文件网址", T.LINK),
        F("plan_on", "解读计划日", T.DAY, to_come=True, width=96),
        F("drafted_on", "解读稿拟成日", T.DAY),
        F("explained_on", "解读发布日", T.DAY, headings=("解读日期",), width=96),
        F("link", "解读网址", T.LINK, headings=("解读链接", "网址")),
        F("forms", "解读形式", T.CHOICES, choices=Form, width=120),
        F("told", "讲到的内容", T.CHOICES, choices=Told),
        F("rank", "谁解读", T.CHOICE, choices=Rank, headings=("解读人职务",), width=96),
        F("explainer", "解读人", hint="主要负责人是第一解读人和责任人"),
        F("exempt", "不需解读的理由"),
        F("remark", "备注", T.LINES),
    ),
    "title",
    "issued_on",
    ("explained_on", "exempt"),
    ("title", "issued_on"),
    ("rank",),
    check=_explanation,
)  # fmt: skip


def _press(values: Values) -> None:
    _together(values, "held_on", ("rank", "已经举行，请选谁发布。"))
    if "held_on" in values and "cancelled_on" in values:
        raise InputError("已经举行的不能又取消，请留一项。", "cancelled_on")
    _together(values, "cancelled_on", ("cancelled", "请写明为什么取消。"))


PRESS = Register(
    RegisterKind.PRESS,
    "计划和举行的每场新闻发布会、政策吹风会一行，两类分开计。谁发布、什么主题、后来有多少报道，都在这里记。",
    (
        F("press", "类别", T.CHOICE, True, PressKind, ("会议类别", "形式"), width=96),
        F("theme", "主题", T.LINE, True, headings=("标题", "议题"), width=260),
        F("unit", "主办单位", headings=("责任单位",), width=110),
        F("plan_on", "计划日期", T.DAY, True, headings=("计划时间",), to_come=True, width=96),
        F("held_on", "举行日期", T.DAY, headings=("举行时间", "日期"), width=96),
        F("place", "地点"),
        F("rank", "谁发布", T.CHOICE, choices=Rank, headings=("发布人职务",), width=96),
        F("speakers", "发布人", headings=("主发布人",), width=120),
        F("questions", "答问（个）", T.NUMBER),
        F("link", "实录网址", T.LINK, headings=("网址", "链接")),
        F("reports", "后续报道（篇）", T.NUMBER, headings=("报道数",), width=90),
        F("case", "有关的关切（编号）", T.CASE, headings=("关切编号",)),
        F("cancelled_on", "取消日期", T.DAY),
        F("cancelled", "取消的理由"),
        F("remark", "备注", T.LINES),
    ),
    "theme",
    "plan_on",
    ("held_on", "cancelled_on"),
    ("press", "theme", "plan_on"),
    ("press", "rank"),
    check=_press,
    recurs=True,
)  # fmt: skip


def _publication(values: Values) -> None:
    if "due_on" not in values and not {"term", "made_on"} <= values.keys():
        raise InputError("请填应公开日，或选期限并填形成（决定）日。", "due_on")
    _together(values, "published_on", ("link", "已经公开，请填公开的网址。"))


PUBLICATION = Register(
    RegisterKind.PUBLICATION,
    "本单位应主动公开的事项，一项一行：公开什么、依据什么、在哪里、什么时候以前。可以导入目录表。超时的排在最前，并写进简报。",
    (
        F("matter", "公开事项", T.LINE, True, headings=("事项", "公开内容", "事项名称", "标题"), width=260),
        F("area", "领域", T.CHOICE, choices=Area, width=110),
        F("unit", "责任单位", headings=("责任主体", "公开主体"), width=110),
        F("basis", "依据", headings=("公开依据",)),
        F("where", "公开渠道", headings=("公开位置", "载体", "公开载体", "栏目"), width=120),
        F("term", "期限", T.CHOICE, choices=PublicationTerm, headings=("公开时限",)),
        F("made_on", "形成（决定）日", T.DAY, headings=("形成日期", "决定日期")),
        F("due_on", "应公开日", T.DAY, headings=("截止日期", "应公开日期", "公开截止"), to_come=True, width=96),
        F("published_on", "公开日", T.DAY, headings=("公开日期", "公开时间"), width=96),
        F("link", "公开网址", T.LINK, headings=("网址", "链接", "公开地址"), width=160),
        F("remark", "备注", T.LINES),
    ),
    "matter",
    "due_on",
    ("published_on",),
    ("matter", "due_on", "made_on", "unit"),
    ("area",),
    check=_publication,
    recurs=True,
)  # fmt: skip

CHANNEL = Register(
    RegisterKind.CHANNEL,
    "本单位的网站和账号，一个一行，写明谁负责。采集时每天看一次首页：打不打得开、有没有坏链接、多久没有更新。",
    (
        F("name", "名称", T.LINE, True, headings=("网站名称", "账号名称"), width=180),
        F("channel", "种类", T.CHOICE, True, ChannelKind, ("类别", "平台"), width=104),
        F("address", "首页网址", T.LINK, headings=("网址", "链接", "地址"), width=200),
        F("unit", "主办单位", headings=("责任单位",), width=110),
        F("keeper", "负责人", T.LINE, True, headings=("管理员", "责任人"), width=90),
        F("opened_on", "开办日", T.DAY, headings=("开通日期",)),
        F("updated_on", "最近更新（人工记）", T.DAY, headings=("最近更新", "更新日期"), hint="程序看不到的账号，由负责人记"),
        F("closed_on", "关停日", T.DAY),
        F("remark", "备注", T.LINES),
    ),
    "name",
    "opened_on",
    ("closed_on",),
    ("name", "channel"),
    ("channel",),
)  # fmt: skip


def _annual(values: Values) -> None:
    if not 2008 <= values["year"] <= 2199:
        raise InputError("请填四位年份。", "year")
    _together(values, "published_on", ("link", "报告已公布，请填网址。"))


ANNUAL_REPORT = Register(
    RegisterKind.ANNUAL_REPORT,
    "每年的政府信息公开工作年度报告一行：政府部门 1 月 31 日前、本级政府 3 月 31 日前公布（条例第49条）。主动公开的数由这里填，依申请公开的数由台账数出。",
    (
        F("year", "报告年度", T.NUMBER, True, headings=("年度",), width=80),
        F("reporter", "报告主体", T.CHOICE, True, Reporter, width=150),
        F("submitted_on", "报送日", T.DAY, width=96),
        F("published_on", "公布日", T.DAY, width=96),
        F("link", "公布网址", T.LINK, width=200),
        F("rules_made", "规章：本年制发件数", T.NUMBER),
        F("rules_ended", "规章：本年废止件数", T.NUMBER),
        F("rules_now", "规章：现行有效件数", T.NUMBER),
        F("norms_made", "行政规范性文件：本年制发件数", T.NUMBER),
        F("norms_ended", "行政规范性文件：本年废止件数", T.NUMBER),
        F("norms_now", "行政规范性文件：现行有效件数", T.NUMBER),
        F("licences", "行政许可：本年处理决定数量", T.NUMBER),
        F("penalties", "行政处罚：本年处理决定数量", T.NUMBER),
        F("coercions", "行政强制：本年处理决定数量", T.NUMBER),
        F("fees", "行政事业性收费：本年收费金额（元）", T.NUMBER, hint="表里按万元写"),
        F("overview", "总体情况", T.LINES),
        F("problems", "存在的主要问题及改进情况", T.LINES),
        F("others", "其他需要报告的事项", T.LINES),
    ),
    "year",
    "year",
    ("published_on",),
    ("year", "reporter"),
    ("reporter",),
    check=_annual,
)  # fmt: skip

REGISTERS: Mapping[RegisterKind, Register] = {
    register.kind: register
    for register in (DISCLOSURE, DECISION, EXPLANATION, PRESS, PUBLICATION, CHANNEL, ANNUAL_REPORT)
}


def year_of(register: Register, values: Values, entered: date) -> int:
    """The year that an entry belongs to: by its own day, else by that on which it was entered."""
    day = register.day_of(values) or values.get("made_on") or entered
    return day.year
