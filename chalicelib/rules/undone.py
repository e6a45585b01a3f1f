"""What follows when a booking was undone (撤销核账): told to finance, who alone knows of it, in words to pass on.

Source: domain §5; the paths that these sentences describe are in `paths.py`, `undoing`.
"""

from chalicelib.rules.records import Application
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import State

PAYS_AGAIN = "申请人已收到通知，须重新缴费并提交缴费信息，届时再核账。"
BOOKED_AFTER_REVIEW = "审核通过后转为待缴费，申请人重新缴费后再核账。"
# Where the receipt comes with the application it cannot be put in while the reviewer has it.
RECEIPT_FIRST = {
    State.IN_REVIEW: "审核不能通过，缴费信息须由申请人补交：请告知审核人员打回，写明须重新缴费；重新提交后再核账。",
    State.DRAFT: "申请人已收到通知，须重新填写缴费信息，与申请一并提交；审核通过后再核账。",
}
OTHERWISE = {
    State.IN_REVIEW: f"无需处理；{BOOKED_AFTER_REVIEW}",
    State.DRAFT: f"申请人提交后，{BOOKED_AFTER_REVIEW}",
}


def following(application: Application) -> str:
    """For the application as it is now."""
    return f"该业务现为“{application.state.chinese}”。{_next(application)}"


def _next(application: Application) -> str:
    if application.state is State.TO_BE_PAID:
        return PAYS_AGAIN
    said = RECEIPT_FIRST if TABLE[application.service].receipt_first else OTHERWISE
    return said.get(application.state, "撤销没有后续要办的事，请按现在的状态办理。")
