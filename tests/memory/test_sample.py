"""What the made-up association tells its members agrees with what the rules do."""

from chalicelib.memory.sample import SAMPLE
from chalicelib.rules.vocabulary import Service


def test_a_difference_leads_to_dues_with_changes_where_the_licence_changed_and_else_to_the_association() -> None:
    """Guide, chapter 四, 资质证年审 ②: a changed licence first goes through 会费缴纳＋变更; else customer service."""
    (told,) = [each for each in SAMPLE.service_notices[Service.ANNUAL_REVIEW.value] if "会费缴纳＋变更" in each]
    changed, unchanged = told.rstrip("。").split("；")[-2:]
    assert "营业执照有变更" in changed
    assert "会费缴纳＋变更" in changed
    assert "执照没有变更" in unchanged
    assert "联系协会" in unchanged
    assert "会费缴纳＋变更" not in unchanged
