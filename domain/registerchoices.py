"""What people choose from in the registers (政务公开台账): closed sets, each member with its Chinese label."""

from __future__ import annotations

from typing import Any

from domain.area import AREAS
from domain.concern import Labelled

OTHER_CHOICE = ("other", "其他")


class Arrival(Labelled):
    """How an application came, which says what 收到之日 is (条例第29、31条)."""

    IN_PERSON = ("in-person", "当面提交")
    MAIL = ("mail", "邮寄（签收）")
    PLAIN_MAIL = ("plain-mail", "平常信函（确认）")
    INTERNET = ("internet", "互联网（确认）")
    FAX = ("fax", "传真（确认）")
    ORAL = ("oral", "口头（代填）")


class Applicant(Labelled):
    """申请人情况, as the annual report's table has it; who it was is not kept."""

    PERSON = ("person", "自然人")
    COMPANY = ("company", "商业企业")
    RESEARCH = ("research", "科研机构")
    CHARITY = ("charity", "社会公益组织")
    LAW = ("law", "法律服务机构")
    OTHER = OTHER_CHOICE


class Answer(Labelled):
    """办理结果, the lines of the annual report's table (国办公开办函〔2021〕30号); `group` is the line above."""

    OPEN = ("open", "予以公开", "")
    PARTLY = ("partly", "部分公开", "")
    SECRET = ("secret", "属于国家秘密", "不予公开")
    FORBIDDEN = ("forbidden", "其他法律行政法规禁止公开", "不予公开")
    SAFETY = ("safety", "危及“三安全一稳定”", "不予公开")
    THIRD_PARTY = ("third-party", "保护第三方合法权益", "不予公开")
    INTERNAL = ("internal", "属于三类内部事务信息", "不予公开")
    PROCESS = ("process", "属于四类过程性信息", "不予公开")
    ENFORCEMENT_FILE = ("enforcement-file", "属于行政执法案卷", "不予公开")
    QUERY = ("query", "属于行政查询事项", "不予公开")
    NOT_HELD = ("not-held", "本机关不掌握相关政府信息", "无法提供")
    TO_BE_MADE = ("to-be-made", "没有现成信息需要另行制作", "无法提供")
    STILL_UNCLEAR = ("still-unclear", "补正后申请内容仍不明确", "无法提供")
    PETITION = ("petition", "信访举报投诉类申请", "不予处理")
    REPEATED = ("repeated", "重复申请", "不予处理")
    PUBLISHED = ("published", "要求提供公开出版物", "不予处理")
    EXCESSIVE = ("excessive", "无正当理由大量反复申请", "不予处理")
    CONFIRMATION = ("confirmation", "要求行政机关确认或重新出具已获取信息", "不予处理")
    NOT_CORRECTED = ("not-corrected", "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "其他处理")
    NOT_PAID = ("not-paid", "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "其他处理")
    OTHER = (*OTHER_CHOICE, "其他处理")

    def __init__(self, code: str, label: str, group: str) -> None:
        super().__init__(code, label)
        self.group = group


class Consulted(Labelled):
    """Whose opinion was asked; the time does not count (条例第32、33条)."""

    THIRD_PARTY = ("third-party", "第三方")
    AUTHORITY = ("authority", "其他机关")


class Outcome(Labelled):
    """How a 复议 or 诉讼 ended; without one it is 尚未审结."""

    UPHELD = ("upheld", "结果维持")
    CORRECTED = ("corrected", "结果纠正")
    OTHER = ("other", "其他结果")


class Suit(Labelled):
    """Which kind of 行政诉讼."""

    DIRECT = ("direct", "未经复议直接起诉")
    AFTER_REVIEW = ("after-review", "复议后起诉")


class DecisionKind(Labelled):
    """What is decided."""

    MAJOR = ("major", "重大行政决策")
    RULE = ("rule", "规章")
    NORM = ("norm", "行政规范性文件")
    OTHER = OTHER_CHOICE


class Hearing(Labelled):
    """How opinions were heard."""

    ONLINE = ("online", "网上征求")
    MEETING = ("meeting", "座谈会")
    PUBLIC_HEARING = ("public-hearing", "听证会")
    EXPERTS = ("experts", "专家论证")
    SURVEY = ("survey", "问卷调查")
    BUSINESS = ("business", "听取企业和行业协会商会意见")
    OTHER = OTHER_CHOICE


class Form(Labelled):
    """In which form a policy is explained."""

    TEXT = ("text", "文字")
    PICTURE = ("picture", "图解")
    VIDEO = ("video", "音视频")
    PRESS = ("press", "发布会")
    INTERVIEW = ("interview", "媒体专访")
    OTHER = OTHER_CHOICE


class Told(Labelled):
    """What an explanation says (2019 要点 item 1)."""

    BACKGROUND = ("background", "政策背景")
    CONTENT = ("content", "主要内容")
    MEASURES = ("measures", "落实措施")
    PROGRESS = ("progress", "工作进展")
    OUTLOOK = ("outlook", "后续考虑")


class PressKind(Labelled):
    """Told apart, and counted apart."""

    CONFERENCE = ("conference", "新闻发布会")
    BRIEFING = ("briefing", "政策吹风会")


class Rank(Labelled):
    """Who spoke."""

    HEAD = ("head", "主要负责人")
    DEPUTY = ("deputy", "班子其他成员")
    OTHER = OTHER_CHOICE


class PublicationTerm(Labelled):
    """By when a matter must be published, where its own day is not set; `days` are working days from its day."""

    PROACTIVE = ("proactive", "形成或变更后20个工作日", 20, "条例第26条")
    LICENCE = ("licence", "许可处罚决定后7个工作日", 7, "国办发〔2018〕118号；2019 要点第6项")
    ENFORCEMENT = ("enforcement", "执法决定后20个工作日", 20, "国办发〔2018〕118号；2019 要点第6项")

    def __init__(self, code: str, label: str, days: int, source: str) -> None:
        super().__init__(code, label)
        self.days, self.source = days, source


class ChannelKind(Labelled):
    """What a channel of the office's own is; a site has the site's limit of silence, all others the account's."""

    SITE = ("site", "政府网站")
    WECHAT = ("wechat", "微信公众号")
    WEIBO = ("weibo", "微博")
    APP = ("app", "客户端")
    DOUYIN = ("douyin", "抖音等短视频")
    OTHER = OTHER_CHOICE


class Reporter(Labelled):
    """Who reports, which says by when (条例第49条); `due` is the month and day of the next year."""

    DEPARTMENT = ("department", "政府部门", (1, 31))
    GOVERNMENT = ("government", "本级政府（主管部门）", (3, 31))

    def __init__(self, code: str, label: str, due: tuple[int, int]) -> None:
        super().__init__(code, label)
        self.due = due


Area: Any = Labelled("Area", {f"AREA_{i}": (name, name) for i, name in enumerate(AREAS)})  # type: ignore[arg-type]
