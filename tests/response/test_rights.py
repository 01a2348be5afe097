"""Who may take which step: by role, among those who are here."""

from __future__ import annotations

import pytest

from domain.errors import StepError
from domain.person import Actor, Person, Role
from domain.steps.cases import JudgeConcern
from domain.steps.drafts import ApproveDraft, RemarkOnDraft
from response.rights import check_right, check_role

LI = Person(1, "李敏", (Role.OFFICER,))
WANG = Person(2, "王强", (Role.APPROVER, Role.OFFICER))
ZHAO = Person(3, "赵云", (Role.APPROVER,), active=False)
ALL = [LI, WANG, ZHAO]


def test_step_is_taken_by_who_has_its_role_whatever_spaces_stand_round_the_name():
    check_right(ApproveDraft, Actor(" 王强 "), ALL)
    check_right(JudgeConcern, Actor("李敏"), ALL)


def test_step_of_another_role_is_refused_with_those_who_may():
    with pytest.raises(StepError) as told:
        check_right(ApproveDraft, Actor("李敏"), ALL)
    assert str(told.value) == "李敏没有“签发”权限，不能签发。有这项权限的是：王强。"
    with pytest.raises(StepError) as told:
        check_right(JudgeConcern, Actor("路人"), ALL)
    assert str(told.value).endswith("有这项权限的是：李敏、王强。")


def test_who_has_left_may_nothing_and_is_not_named():
    with pytest.raises(StepError, match="赵云没有“签发”权限，不能签发。有这项权限的是：王强。"):
        check_right(ApproveDraft, Actor("赵云"), ALL)


def test_nobody_may_where_nobody_has_the_role():
    with pytest.raises(StepError) as told:
        check_role(Role.ADMINISTRATOR, "改人员", "", ALL)
    assert str(told.value) == "您没有“管理”权限，不能改人员。有这项权限的是：目前没有人。"


def test_step_of_everybody_and_an_office_without_people_refuse_nobody():
    check_right(RemarkOnDraft, Actor("路人"), ALL)
    check_right(ApproveDraft, Actor("路人"), [])
    check_right(ApproveDraft, Actor("路人"), [ZHAO])
