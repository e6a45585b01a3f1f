"""登记信息: what the register holds of an enterprise, how it comes of a join, and what an application changes of it.

Source: guide, chapters 三 (会员证/资质证变更) and 四 (会员续费＋变更, 资质证变更); type is ours (domain §4, D).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.rules import identifiers as check
from chalicelib.rules.folds import capital_text, choice, choices, text_up_to
from chalicelib.rules.grammar import Field
from chalicelib.rules.records import Application, Certificate, Enterprise, enterprise_of
from chalicelib.rules.vocabulary import Form, FormValue, Personal, plain

UNIT_KINDS = ("企业", "事业单位", "其他")


# --- changes ----------------------------------------------------------------------------------------------------------

CHANGEABLE: tuple[Field, ...] = (
    Field("name", "单位名称", check.enterprise_name, "与新营业执照完全一致", printed=True, longest=60),
    Field("legal_representative", "法定代表人", check.person_name, mask=check.mask_name, printed=True, longest=60),
    Field("registered_address", "注册地址", text_up_to(200), "与新营业执照一致", printed=True, longest=200),
    Field("capital", "注册资金", capital_text, "须写明货币单位，例如“500万元人民币”", kind="capital", longest=60),
    Field("business_scope", "经营范围", text_up_to(3000), "与新营业执照一致", longest=3000),
    Field("kind", "单位类型", choice(*UNIT_KINDS), "、".join(UNIT_KINDS), kind="choice", options=UNIT_KINDS),
)
CHANGE_KINDS = tuple(each.chinese for each in CHANGEABLE)
NEW = "new_"

CHANGE_FIELDS: tuple[Field, ...] = (
    Field("changes", "变更类型", choices(*CHANGE_KINDS), "可选多项", kind="choices", options=CHANGE_KINDS),
    *(replace(each, name=NEW + each.name, chinese=f"变更后的{each.chinese}", optional=True) for each in CHANGEABLE),
)


@dataclass(frozen=True)
class Change:
    """One thing that is to change: what the register says now, and what it is to say. Personal values stay wrapped."""

    field: Field
    old: FormValue
    new: FormValue

    @property
    def differs(self) -> bool:
        return plain(self.old) != plain(self.new)


def changes_asked(form: Form, enterprise: Enterprise) -> tuple[Change, ...]:
    """The kinds that were chosen, with the value in the register and the new one ("" where it is not filled in)."""
    chosen = plain(form.get("changes")).split("、")
    return tuple(
        Change(each, getattr(enterprise, each.name), form.get(NEW + each.name, ""))
        for each in CHANGEABLE
        if each.chinese in chosen
    )


def not_chosen(form: Form) -> tuple[Field, ...]:
    """Kinds that have a new value but were not chosen."""
    chosen = plain(form.get("changes")).split("、")
    return tuple(each for each in CHANGEABLE if plain(form.get(NEW + each.name)) and each.chinese not in chosen)


def with_changes(enterprise: Enterprise, form: Form) -> Enterprise:
    """The enterprise as the (opened) application wants it, without a new version. The credit code never changes."""
    moved: dict[str, Any] = {each.field.name: _moved(each.new) for each in changes_asked(form, enterprise)}
    return replace(enterprise, **moved)


def _moved(value: FormValue) -> FormValue:
    """A personal value without the application's seal: the enterprise's own key seals it anew."""
    return Personal(value.masked, value.plain) if isinstance(value, Personal) else value


def printed_of(enterprise: Enterprise) -> str:
    """What of the (opened) register certificates print, apart from numbers and codes."""
    return "".join((enterprise.name, plain(enterprise.legal_representative), enterprise.registered_address))


# --- joining ----------------------------------------------------------------------------------------------------------


def enterprise_from(application: Application, certificate: Certificate) -> Enterprise:
    """The enterprise as the opened application describes it, under the id and member code that were reserved."""
    form = application.form
    return Enterprise(
        id=enterprise_of(certificate.holder) or "",
        member_code=certificate.member_code or "",
        member_since=certificate.issued_on,
        name=plain(form.get("name")),
        credit_code=plain(form.get("credit_code")),
        kind=plain(form.get("kind")),
        legal_representative=_personal(form, "legal_representative"),
        capital=plain(form.get("capital")),
        registered_address=plain(form.get("registered_address")),
        office_address=plain(form.get("office_address")),
        founded_on=date.fromisoformat(plain(form.get("founded_on"))),
        business_scope=plain(form.get("business_scope")),
        contact_name=_personal(form, "contact_name"),
        contact_mobile=_personal(form, "contact_mobile"),
        contact_email=_personal(form, "contact_email"),
        contact_post=plain(form.get("contact_post")),
    )


def _personal(form: Form, name: str) -> Personal:
    value = form.get(name)
    return Personal(value.masked, value.plain) if isinstance(value, Personal) else Personal("", "")
