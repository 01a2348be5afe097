"""The forms in which an officer says what a step of a case needs; each field is given under the step's own word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QWidget,
)

from desk.cases.course import suggested_disposition, times_of, warnings_of
from desk.cases.deadlines import Clockwork
from desk.cases.writing import Change, Finding, compared
from domain.concern import ClockBasis, Concern, Disposition, EventGrade, Labelled
from domain.personal import open_personal
from domain.response import Channel, Deadline, DeadlineRule, DeadlineState, Draft, DraftState, same_words
from domain.times import exact, lasting
from gui.cases.changes import changes_view
from gui.kit.moments import maybe_moment, moment_field, moment_of
from gui.kit.parts import Column, RowsModel, Table, button, label, row
from gui.kit.stepform import StepForm, words_form

TEXT_HIGH = 260  # pixels of a text that is read in a form
AROUND = 10  # characters shown on both sides of a piece of personal data
FINDINGS_HIGH = 200  # pixels that what the check found takes of a form at most
WIDE = 680  # pixels of a form that lists it, so that most reasons are a line


def _choices(kind: type[Labelled], chosen: Labelled) -> QComboBox:
    made = QComboBox()
    for member in kind:
        made.addItem(member.label, member)
    made.setCurrentText(chosen.label)
    return made


def judge_form(parent: QWidget, concern: Concern, clockwork: Clockwork, now: datetime) -> StepForm:
    """判定: grade, clock basis, the times it may be counted from, unit, disposition; what the start that was chosen means
    is said as it is chosen.
    """
    form = StepForm(
        parent,
        "判定",
        f"{concern.title}\n建议等级：{concern.suggested_grade.label}。依据：{concern.grade_ground}。\n"
        f"首发 {exact(concern.first_report_at)}，发现 {exact(concern.found_at)}。时限从所选的起点时间算起；事发、交办时间知道就填。",
    )
    grade = form.add("grade", "突发事件等级", _choices(EventGrade, concern.suggested_grade))
    basis = form.add("basis", "计时起点", _choices(ClockBasis, ClockBasis.FOUND))
    happened, knows_happened = _add_maybe(form, "happened_at", "事发时间", concern.happened_at, concern.first_report_at)
    assigned, knows_assigned = _add_maybe(form, "assigned_at", "交办时间", concern.assigned_at, concern.found_at)
    warning = label("", "fault", True)
    form.fields.addRow(warning)

    def warn(*_: object) -> None:
        told = replace(
            concern,
            happened_at=moment_of(happened) if knows_happened.isChecked() else None,
            assigned_at=moment_of(assigned) if knows_assigned.isChecked() else None,
        )
        said = warnings_of(grade.currentData(), basis.currentData(), times_of(told), clockwork, now)
        warning.setText("\n".join(f"▲ {one}" for one in said))
        warning.setVisible(bool(said))

    def asks_for_its_time(_: object) -> None:
        if basis.currentData() is ClockBasis.HAPPENED and not knows_happened.isChecked():
            happened.setFocus()
        elif basis.currentData() is ClockBasis.ASSIGNED and not knows_assigned.isChecked():
            assigned.setFocus()

    for changed in (
        grade.currentIndexChanged,
        basis.currentIndexChanged,
        knows_happened.toggled,
        knows_assigned.toggled,
    ):
        changed.connect(warn)
    for moment in (happened, assigned):
        moment.dateTimeChanged.connect(warn)
    basis.currentIndexChanged.connect(asks_for_its_time)
    warn()
    form.add("unit", "责任单位", QLineEdit())
    form.add("disposition", "处置类型", _choices(Disposition, suggested_disposition(concern.reasons)))
    return form


def _add_maybe(
    form: StepForm, key: str, name: str, at: datetime | None, proposed: datetime
) -> tuple[QDateTimeEdit, QCheckBox]:
    """A time that need not be known, with the tick that says it is."""
    field, known, holder = maybe_moment(name, at, proposed)
    form.add(key, name, field, lambda: moment_of(field) if known.isChecked() else None, holder=holder)
    return field, known


def regrade_form(parent: QWidget, concern: Concern, now: datetime) -> StepForm:
    """调整等级: the new grade, from when its clocks start, and why; the clocks that run go on."""
    judged = concern.grade
    note = f"{concern.title}\n现判：{judged.label}。按最近报道建议：{concern.suggested_grade.label}（{concern.grade_ground}）。\n已有的时限照旧计，新等级的时限从下面的时间起算。维持原等级也请写明理由。"
    form = StepForm(parent, "调整等级", note)
    form.add("grade", "突发事件等级", _choices(EventGrade, concern.suggested_grade if concern.escalated else judged))
    form.add("basis_at", "新时限起点", moment_field(now))
    form.add(
        "why", "理由", QLineEdit(concern.grade_ground if concern.escalated else ""), needed="请填写调整等级的理由。"
    )
    return form


def publish_form(
    parent: QWidget,
    draft: Draft,
    now: datetime,
    findings: Sequence[Finding] = (),
    clock: Callable[[], datetime] | None = None,
) -> StepForm:
    """登记发布: what the check found, channel, time, an address or a file as evidence, and the text as published."""
    note = f"请填实际发布的渠道、时间，以及网址或截图文件，作为已回应的凭据。\n{_found(draft, findings)}"
    form = StepForm(parent, "登记发布", note)
    _show_findings(form, draft, findings)
    form.add("channel", "渠道", _choices(Channel, Channel.WEBSITE))
    at = form.add("at", "发布时间", moment_field(now))
    if clock is not None:  # who says nothing else publishes when he says so, not when the form was opened
        form.follow(at, clock)
    link = form.add("link", "网址", QLineEdit())
    link.setPlaceholderText("https://")
    file = QLineEdit()
    file.setReadOnly(True)
    file.setPlaceholderText("没有网址时，选一个截图或文件")
    holder = QWidget()
    chosen = row(file, button("选择…", lambda: _choose(form, file)))
    chosen.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(chosen)
    form.add("file", "凭据文件", file, lambda: Path(file.text()) if file.text() else None, holder=holder)
    late = form.add("late_why", "补录的理由", QLineEdit())
    late.setPlaceholderText("发布一小时后、或时限过了才登记的要写，并附凭据文件")
    text = form.add("text", "发布的正文", QPlainTextEdit(draft.body))
    _ask_where_it_differs(form, text, draft)
    return form


def _ask_where_it_differs(form: StepForm, text: QPlainTextEdit, draft: Draft) -> None:
    """What was signed is what is published; where it was not, somebody says so, once the text is another."""
    seen = form.add("differs_seen", "", QCheckBox(f"实际发布的与签发的第 {draft.version} 稿不同，照实登记"))
    at = form.fields.rowCount() - 1

    def look() -> None:
        form.fields.setRowVisible(at, not same_words(text.toPlainText(), draft.body))

    text.textChanged.connect(look)
    look()
    form.also("differs_seen", lambda: seen.isChecked() and not same_words(text.toPlainText(), draft.body))


def _choose(parent: QWidget, field: QLineEdit) -> None:
    name, _ = QFileDialog.getOpenFileName(parent, "凭据文件")
    if name:
        field.setText(name)


def close_form(parent: QWidget, open_points: Sequence[str] = ()) -> StepForm:
    """办结: what was done about it; what the way of 处置 asks for and nothing shows yet is named."""
    missing = f"还没有看到：{'、'.join(open_points)}。\n" if open_points else ""
    form = words_form(parent, "办结", "处置结果", "outcome", note=f"{missing}处置结果会写入台账和简报。")
    effect = form.add("effect", "成效", QPlainTextEdit())
    effect.setPlaceholderText("写入台账；不填的，台账写成效回看的数字")
    return form


def dismiss_form(parent: QWidget) -> StepForm:
    """不予回应: why not."""
    return words_form(parent, "不予回应", "不予回应的理由", "reason", note="理由会记入留痕。")


def reopen_form(parent: QWidget) -> StepForm:
    """重新打开: why."""
    note = "旧时限保留，新时限从现在起算。"
    return words_form(parent, "重新打开", "重新打开的理由", "reason", note=note)


def refer_form(parent: QWidget) -> StepForm:
    """转办: to whom and why."""
    form = StepForm(parent, "转办", "对方受理之前，时限在这里继续计。")
    form.add("unit", "转给", QLineEdit(), needed="请填写转办给哪个单位。")
    form.add("why", "理由", QLineEdit(), needed="请填写转办的理由。")
    return form


def unit_form(parent: QWidget) -> StepForm:
    """协同: whom to ask for what."""
    form = StepForm(parent, "请求协同")
    unit = QComboBox()
    unit.setEditable(True)
    unit.addItems(["宣传部", "网信办", "公安局", "主管部门"])
    form.add("unit", "单位", unit, needed="请填写协同单位。")
    form.add("asked", "请求事项", QPlainTextEdit(), needed="请填写请求事项。")
    return form


def answered_form(parent: QWidget, now: datetime) -> StepForm:
    """What a unit answered, and when."""
    form = StepForm(parent, "登记答复")
    form.add("at", "答复时间", moment_field(now))
    form.add("answer", "答复内容", QPlainTextEdit(), needed="请填写答复内容。")
    return form


def moment_form(parent: QWidget, title: str, name: str, now: datetime) -> StepForm:
    """A moment that has been."""
    form = StepForm(parent, title)
    form.add("at", name, moment_field(now))
    return form


def clock_form(parent: QWidget, rules: Sequence[DeadlineRule], now: datetime) -> StepForm:
    """加时限: which rule, from when."""
    form = StepForm(parent, "加一个时限", "判定时没有起算的时限，如行政处罚公开、依申请公开，或本单位自定的。")
    rule = QComboBox()
    for one in rules:
        rule.addItem(f"{one.name}（{one.source}）", one.code)
    form.add("rule", "时限", rule, needed="没有可以加的时限。请先在“设置”里添加。")
    form.add("start", "起点时间", moment_field(now))
    return form


def extend_form(parent: QWidget, running: Sequence[Deadline], now: datetime) -> StepForm:
    """延长时限: which clock, and why."""
    note = "只有依据允许的时限能延长，只能延长一次，再给同样长的时间。法定时限不能延长。"
    return _deadline_form(parent, "延长时限", note, running, now, "延长的理由")


def withdraw_form(parent: QWidget, running: Sequence[Deadline], now: datetime) -> StepForm:
    """撤销时限: which clock, and why it binds no more."""
    note = "手工起算的和本单位自定的时限，不再适用的可以撤销，理由记入时限账。法定时限不能撤销。"
    return _deadline_form(parent, "撤销时限", note, running, now, "不再适用的理由")


def pause_form(parent: QWidget, running: Sequence[Deadline], now: datetime) -> StepForm:
    """暂停计时: which clock of the office's own, and why."""
    note = "只有本单位自定的时限可以暂停，法定时限从不暂停。恢复以后，暂停时还剩多少就再走多少。"
    return _deadline_form(parent, "暂停计时", note, running, now, "暂停的理由")


def resume_form(parent: QWidget, paused: Sequence[Deadline], now: datetime) -> StepForm:
    """恢复计时: which clock that pauses, and why."""
    return _deadline_form(parent, "恢复计时", "暂停时还剩多少，从现在起再走多少。", paused, now, "恢复的理由")


def explain_form(parent: QWidget, missed: Sequence[Deadline], now: datetime) -> StepForm:
    """说明超时原因: of which clock that was not kept."""
    note = "原因写入台账和统计；是否按时照实，不因说明而改变。"
    return _deadline_form(parent, "说明超时原因", note, missed, now, "超时的原因")


def _deadline_form(
    parent: QWidget, title: str, note: str, running: Sequence[Deadline], now: datetime, why: str
) -> StepForm:
    form = StepForm(parent, title, note)
    which = QComboBox()
    for one in running:
        which.addItem(f"{one.name}（{_stands(one, now)}）", one.id)
    form.add("deadline", "哪一条时限", which, needed="没有在走的时限。")
    form.add("why", why, QPlainTextEdit(), needed=f"请填写{why}。")
    return form


def _stands(deadline: Deadline, now: datetime) -> str:
    state = deadline.state(now)
    if state is DeadlineState.RUNNING:
        return f"余 {lasting(deadline.left(now))}"
    return f"{state.label} {lasting(deadline.left(now))}" if state is DeadlineState.OVERDUE else state.label


def review_form(
    parent: QWidget, draft: Draft, person: str, findings: Sequence[Finding] = (), before: Draft | None = None
) -> StepForm:
    """核稿: what the check found, the whole text, what changed since the version before, and who reviews."""
    by = f"第 {draft.version} 稿由 {draft.author} 拟写，须由另一人核稿。有要改的，请取消，点“退回…”写明。"
    form = StepForm(parent, "核稿", f"{by}\n{_found(draft, findings)}")
    _show_findings(form, draft, findings)
    _show_text(form, draft, before)
    form.add("by", "核稿人", QLineEdit("" if person == draft.author else person), needed="请填写核稿人的姓名。")
    return form


def personal_form(parent: QWidget, draft: Draft, allowed: Sequence[str], person: str) -> StepForm:
    """准予公开: which of the pieces of personal data that are open in a draft, by whom, and why."""
    note = (
        f"第 {draft.version} 稿里的个人信息，公开以前要么遮盖，要么逐处准予、写明理由（个人信息保护法：最小必要）。"
        "准予由拟稿人以外有签发权的人办理，理由记入留痕，只对这一件有效。"
    )
    form = StepForm(parent, "准予公开个人信息", note)
    which = QComboBox()
    for piece, kind, said in places_of(draft, allowed):
        which.addItem(f"{kind}：{piece}（…{said}…）", piece)
    form.add("words", "哪一处", which, needed="这一稿里没有待定的个人信息。")
    form.add("by", "准予人", QLineEdit("" if person == draft.author else person), needed="请填写准予人的姓名。")
    form.add("why", "理由", QPlainTextEdit(), needed="请填写准予公开的理由。")
    return form


def places_of(draft: Draft, allowed: Sequence[str]) -> list[tuple[str, str, str]]:
    """The pieces of personal data that are open in a draft: (piece, what it is, the words around it)."""
    made: dict[str, tuple[str, str, str]] = {}
    for one in open_personal(draft.body, allowed):
        piece = draft.body[one.start : one.end]
        around = draft.body[max(0, one.start - AROUND) : one.end + AROUND].replace("\n", " ")
        made.setdefault(piece, (piece, one.kind, around))
    return list(made.values())


def _show_text(form: StepForm, draft: Draft, before: Draft | None) -> None:
    """The whole text, and beside it, one key away, what changed since the version before."""
    tabs = QTabWidget()
    tabs.setMinimumHeight(TEXT_HIGH)
    whole = QPlainTextEdit(f"{draft.title}\n\n{draft.body}")
    whole.setReadOnly(True)
    whole.setAccessibleName(f"第 {draft.version} 稿全文")
    tabs.addTab(whole, "全文")
    if before is None:
        tabs.addTab(label("这是第一稿，没有上一稿可以比较。", "secondary", True), "与上一稿的不同")
    else:
        name = f"与第 {before.version} 稿的不同"
        old, new = (f"{one.title}\n\n{one.body}" for one in (before, draft))
        parts = sum(piece.kind is not Change.KEPT for piece in compared(old, new))
        tabs.addTab(
            changes_view(old, new, name),
            f"{name}（{parts} 处，删去的划线，增加的下划线）" if parts else f"{name}（没有）",
        )
    form.show_table(tabs)
    form.setMinimumWidth(WIDE)


def sign_form(
    parent: QWidget,
    draft: Draft,
    person: str,
    emergency: bool,
    findings: Sequence[Finding] = (),
    before: Draft | None = None,
) -> StepForm:
    """签发: what the check found, the whole text that is signed, what changed since the version before, and who signs,
    who says that the findings were seen.

    The author alone only in an emergency, with a reason.
    """
    reviewed = f"由 {draft.reviewer} 核过" if draft.state is DraftState.REVIEWED else "没有核过"
    by = f"第 {draft.version} 稿由 {draft.author} 拟写，{reviewed}，须由拟稿人以外的人签发。签发的是下面的全文。"
    form = StepForm(parent, "签发", f"{by}\n{_found(draft, findings)}")
    _show_findings(form, draft, findings)
    _show_text(form, draft, before)
    form.add("by", "签发人", QLineEdit("" if person == draft.author else person), needed="请填写签发人的姓名。")
    alone = QLineEdit()
    if emergency:
        alone.setPlaceholderText("只有拟稿人一人值班时填写，会留痕并写入简报")
        form.add("alone", "一人值班的理由", alone)
    if findings:
        seen = QCheckBox(f"自查的 {len(findings)} 处都看过了，照这一稿签发")
        form.add("findings_seen", "", seen, needed="请先看上面自查的各处，看过打勾；要改的，请退回或再拟一稿。")
    return form


def _found(draft: Draft, findings: Sequence[Finding]) -> str:
    if not findings:
        return f"第 {draft.version} 稿自查没有发现问题。"
    return f"第 {draft.version} 稿自查有 {len(findings)} 处要看："


def _show_findings(form: StepForm, draft: Draft, findings: Sequence[Finding]) -> None:
    """What the check points at, with the words it means."""
    if not findings:
        return
    table = Table(
        "自查",
        RowsModel(
            [
                Column("自查", lambda f: f.check, 84),
                Column("原文", lambda f: draft.body[f.start : f.end], 130),
                Column("说明", lambda f: f.reason, 220),
            ]
        ),
        stretch=2,
    )
    table.wrap_rows(FINDINGS_HIGH)
    table.show_rows(findings, lambda f: (f.check, f.start, f.end))
    form.setMinimumWidth(WIDE)
    form.show_table(table)
