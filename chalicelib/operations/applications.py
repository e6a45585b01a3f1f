"""业务办理: open, save, act on and read applications. Each step: load, decide by the table, record in one commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.operations.audit import noted, reason_given
from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since
from chalicelib.operations.crediting import freed, surplus_credited
from chalicelib.operations.facts import Gathered, claim_value, gather, visitors_facts
from chalicelib.operations.notices import announced
from chalicelib.operations.ports import Asked, Change, Insert, Page, Ports, Remove, Replace, Require
from chalicelib.rules.association import Association
from chalicelib.rules.eligibility import changes_are_stated, data_are_confirmed, six_practitioners_are_certified
from chalicelib.rules.grammar import Case, Facts, Field, ServiceRow
from chalicelib.rules.guards import form_is_complete, materials_are_complete
from chalicelib.rules.identifiers import Malformed
from chalicelib.rules.looks import Since, changes_since, looked_at, may_have_changed
from chalicelib.rules.records import (
    Application,
    Certificate,
    Claim,
    ClaimKind,
    Dossier,
    Folder,
    Issuance,
    MaterialVerdict,
    OutboxRow,
    Person,
    Practitioner,
    Shelf,
    User,
    Work,
    enterprise_of,
    enterprise_owner,
    former_owner,
    user_owner,
)
from chalicelib.rules.services import TABLE
from chalicelib.rules.verdicts import refused_materials
from chalicelib.rules.vocabulary import (
    STAFF_ROLES,
    Action,
    Actor,
    Effect,
    FormValue,
    Personal,
    Reason,
    Refused,
    Service,
    State,
)
from chalicelib.rules.workflow import Decision, decide, may_apply, standing_in_the_way

HIDDEN = "***"
FILLED_IN = (
    form_is_complete, materials_are_complete, changes_are_stated, data_are_confirmed, six_practitioners_are_certified,
)  # fmt: skip


# --- by the applicant -------------------------------------------------------------------------------------------------


def open_draft(ports: Ports, order: Order, service: Service) -> str:
    """A 拟稿 of a service open to the actor now, new or untouched; answers its id. Raises Refused with every reason."""
    row = TABLE[service]

    def deed() -> Deed:
        user = ports.records.get(User, order.actor.id)
        facts = visitors_facts(ports, user)
        refusals = may_apply(row, facts) if row.offered else (_not_offered(service),)
        if refusals:
            raise Refused(*refusals)
        application = _new_draft(ports, order.actor, row, facts)
        if untouched := _untouched_draft(ports, application):
            return Deed((), untouched.id)
        return Deed((Insert(application), Insert(Shelf(application=application.id))), application.id)

    return once(ports, order, deed)


def _untouched_draft(ports: Ports, wanted: Application) -> Application | None:
    """Who taps twice gets the draft he has just opened; one that he has written in is another matter."""
    newest = ports.records.applications_of(wanted.owner, Asked(5)).items
    same = (each for each in newest if (each.service, each.state) == (wanted.service, State.DRAFT))
    return next((each for each in same if not each.form and each.version == 0), None)


def _new_draft(ports: Ports, actor: Actor, row: ServiceRow, facts: Facts) -> Application:
    """Of the enterprise that the facts speak of, which whoever has just been bound to another has left.

    Also where it joins again: then it stands in the unit's own service record, and its credit pays for it.
    """
    enterprise = facts.dossier.enterprise if facts.dossier else None
    return Application(
        id=ports.ids.new("a"), service=row.service, applicant=actor.id,
        unit=enterprise.name if enterprise and row.for_members else "",
        owner=enterprise_owner(enterprise.id) if enterprise else user_owner(actor.id),
        state=State.DRAFT, opened_at=facts.at, since=facts.at,
    )  # fmt: skip


def _not_offered(service: Service) -> Reason:
    told = f"“{service.chinese}”尚未开放网上办理。"
    return Reason("not_offered", told, "请联系协会工作人员了解办理方式。", "service")


def save_draft(ports: Ports, order: Order, application: str, seen: int, given: Mapping[str, str | None]) -> str:
    """Keeps what was typed, right or wrong: only a submission asks for more. None clears a field. Answers the id."""

    def deed() -> Deed:
        before = own_folder(ports, order.actor, application).application
        _in_draft(before)
        _known_fields(TABLE[before.service], given)
        unchanged_since(seen, before.version)
        form = {**before.form, **_typed(TABLE[before.service], given)}
        kept = {name: value for name, value in form.items() if given.get(name, "") is not None}
        return Deed((Replace(before, before.changed(form=kept)),), application)

    return once(ports, order, deed)


def choose_persons(ports: Ports, order: Order, application: str, seen: int, persons: tuple[str, ...]) -> str:
    """The enterprise's own practitioners whom an application is about, each once; answers the application's id.

    Whoever is not on its roll, and whoever is not there at all, is refused alike.
    """

    def deed() -> Deed:
        before = own_folder(ports, order.actor, application).application
        _in_draft(before)
        unchanged_since(seen, before.version)
        row, chosen = TABLE[before.service], tuple(dict.fromkeys(persons))
        _so_many(row, chosen)
        _on_the_roll(ports, before, chosen)
        return Deed((Replace(before, before.changed(persons=tuple(Person(id=each) for each in chosen))),), application)

    return once(ports, order, deed)


def _so_many(row: ServiceRow, chosen: tuple[str, ...]) -> None:
    if len(chosen) > row.persons:
        told = f"“{row.service.chinese}”每宗最多 {row.persons} 人。" if row.persons else "该业务不需要选择人员。"
        raise Refused(Reason("persons_out_of_bounds", told, "请减少人员，其余的另行申请。", "persons"))


def _on_the_roll(ports: Ports, application: Application, chosen: tuple[str, ...]) -> None:
    found = ports.records.get_many(*((Practitioner, (each,)) for each in chosen)) if chosen else ()
    employer = enterprise_of(application.owner)
    own = {each.id for each in found if isinstance(each, Practitioner) and each.employer == employer}
    told = "这不是本单位的从业人员。"
    following = "请从“从业人员证件”中选择本单位的人员；刚调入的人员请先办理“更改”。"
    strangers = [each for each in chosen if each not in own]
    if strangers:
        raise Refused(*(Reason("not_employed_here", told, following, each) for each in strangers))


def _known_fields(row: ServiceRow, given: Mapping[str, str | None]) -> None:
    following = "请按办事指南（GET /services）中的字段名填写。"
    unknown = [name for name in given if row.field(name) is None]
    if unknown:
        raise Refused(*(_unknown_field(row, name, following) for name in unknown))


def _unknown_field(row: ServiceRow, name: str, following: str) -> Reason:
    return Reason("unknown_field", f"“{row.service.chinese}”没有“{name[:60]}”这个字段。", following, name)


def _typed(row: ServiceRow, given: Mapping[str, str | None]) -> dict[str, FormValue]:
    fields = ((row.field(name), text) for name, text in given.items() if text is not None)
    return {field.name: typed_value(field, text) for field, text in fields if field is not None}


def typed_value(field: Field, text: str) -> FormValue:
    """The canonical writing where there is one, else exactly what was typed, so that nothing is lost."""
    try:
        canonical = field.fold(text) if text.strip() else ""
    except Malformed:
        return Personal(HIDDEN, text) if field.mask else text
    if not field.mask:
        return canonical
    return Personal(field.mask(canonical) if canonical else "", canonical)


def _in_draft(application: Application) -> None:
    if application.state is not State.DRAFT:
        now = application.state.chinese
        raise Refused(
            Reason("not_a_draft", f"该业务现为“{now}”，不能修改。", "如需修改，请先撤回，或请审核人员打回。", None)
        )


def draft_reasons(ports: Ports, folder: Folder) -> tuple[Reason, ...]:
    """What a draft still lacks, field by field and material by material, for the person who is filling it in."""
    opened = opened_folder(ports, folder)
    row = TABLE[opened.application.service]
    submit = next(step for step in row.steps if step.action is Action.SUBMIT)
    wanted = (guard for guard in submit.guards if guard in FILLED_IN)
    return standing_in_the_way(wanted, Case(row, opened.application, gather(ports, opened, glyphs=False).facts))


# --- every step of the table ------------------------------------------------------------------------------------------


def act(
    ports: Ports, order: Order, application: str, action: Action, seen: int | None, reason: str = "",
    verdicts: tuple[MaterialVerdict, ...] = (),
) -> str:  # fmt: skip
    """Takes one step of the table. ``seen`` is the version the actor was looking at (None: whatever it is now).

    ``verdicts``: what a reviewer found of its materials; what he refused must be replaced, and nothing else.
    Raises Absent, Refused with every reason, Busy. Answers the application's id.
    """

    def deed() -> Deed:
        folder = opened_folder(ports, folder_for(ports, order.actor, application))
        unchanged_since(seen, folder.application.version)
        gathered = gather(ports, folder)
        decision = decide(folder.application, action, order.actor, gathered.facts, reason, verdicts)
        return Deed(recorded(ports, decision, gathered), application)

    return once(ports, order, deed)


def recorded(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    """Everything that one decision changes, as one commit: state, history, guard rows, notices, outbox."""
    told = announced(ports, decision, gathered.association, _told_to_replace(decision, gathered))
    return (*untold(ports, decision, gathered), *told)


def untold(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    """The same without its notice, for what is told together with decisions about other applications."""
    effects = (
        change
        for effect in decision.effects
        if effect not in AT_ISSUE
        for change in EFFECTS[effect](ports, decision, gathered)
    )
    return (
        Replace(decision.before, decision.application),
        Insert(decision.entry),
        *effects,
        *(gathered.watched if decision.guarded else ()),
    )


def _told_to_replace(decision: Decision, gathered: Gathered) -> str:
    row = TABLE[decision.application.service]
    return refused_materials(decision.verdicts, Case(row, decision.application, gathered.facts))


def _claims(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    """The guard rows, and a new version of the user: who binds him at this moment must hear of the claim.

    A new version of the enterprise too: who ends its membership at this moment must hear of the application.
    """
    del ports
    application, dossier = decision.application, gathered.dossier
    held = {claim.kind for claim in gathered.claims}
    claimed = tuple(
        Insert(
            Claim(
                kind=kind, value=claim_value(application, kind), holder=f"application:{application.id}",
                service=application.service,
            )
        )
        for kind in TABLE[application.service].holds_for(application.owner)
        if kind not in held
    )  # fmt: skip
    taken_up = (_taken_up(each, application) for each in gathered.claims if each.holder.startswith(former_owner("")))
    moved = (Replace(dossier.enterprise, dossier.enterprise.changed()),) if dossier else ()
    return (*claimed, *taken_up, *moved, Replace(gathered.user, gathered.user.changed()))


def _taken_up(claim: Claim, application: Application) -> Change:
    """The credit code of a unit that was a member, by its new join."""
    return Replace(claim, claim.changed(holder=f"application:{application.id}", service=application.service))


def _releases(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    del ports
    own = f"application:{decision.application.id}"
    return tuple(_let_go(claim) for claim in gathered.claims if claim.holder == own)


def _let_go(claim: Claim) -> Change:
    if claim.former is None:
        return Remove(claim)
    return Replace(claim, claim.changed(holder=former_owner(claim.former), service=None))


def _issue(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    del ports, gathered
    entry = decision.entry
    return (Insert(issue_row(entry.application, entry.number, entry.at)),)


def issue_row(application: str, entry: int, at: datetime) -> OutboxRow:
    """The outbox row by which a step promises the certificate: one per step, whoever asks."""
    return OutboxRow(id=f"issue-{application}-{entry}", work=Work.ISSUE, subject=(application,), at=at)


def _void(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    """A reserved number that will not be issued becomes a void entry, never a hole (domain §2, D)."""
    if decision.before.certificate is None:
        return ()
    reserved = ports.records.get(Certificate, decision.before.certificate)
    if reserved is None or reserved.issuance is not Issuance.RESERVED:
        return ()
    void = reserved.changed(issuance=Issuance.VOID, void_reason=decision.entry.reason, member_code=None)
    return (Replace(reserved, void), *_code_freed(ports, reserved, gathered))


def _code_freed(ports: Ports, reserved: Certificate, gathered: Gathered) -> tuple[Change, ...]:
    """The member code that was reserved with it, which nobody has seen yet; one of a unit that joins again stays."""
    if reserved.member_code is None or gathered.facts.former is not None:
        return ()
    claim = ports.records.get(Claim, ClaimKind.MEMBER_CODE.value, reserved.member_code)
    return (Remove(claim),) if claim is not None and claim.holder == reserved.holder else ()


def _remember(ports: Ports, decision: Decision, gathered: Gathered) -> tuple[Change, ...]:
    """What he saw, and his verdicts on exactly the files that lie there when it commits."""
    del ports
    earlier, files = gathered.folder.look, gathered.facts.files
    look = looked_at(decision.before, files, decision.entry.at, decision.verdicts, earlier)
    return (Replace(earlier, look) if earlier else Insert(look), Require(gathered.folder.shelf))


# What needs the finished certificate at hand: `issuing.py` does it in the commit that makes the certificate count.
AT_ISSUE = frozenset({Effect.ENROL, Effect.BOOK_YEAR, Effect.CHANGE_REGISTER})
EFFECTS: dict[Effect, Callable[[Ports, Decision, Gathered], tuple[Change, ...]]] = {
    Effect.CLAIM: _claims,
    Effect.RELEASE: _releases,
    Effect.ISSUE: _issue,
    Effect.VOID_NUMBER: _void,
    Effect.REMEMBER: _remember,
    Effect.FREE_MONEY: freed,
    Effect.CREDIT_SURPLUS: surplus_credited,
}


# --- what stands beside an application --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """The register beside an application: the enterprise whose it is, and the practitioners it names, masked.

    ``since``: what has changed since the reviewer's last look; ``left``: practitioners whom it named then. ``former``:
    of a join under way, the unit as it was when its membership ended; for staff alone.
    """

    dossier: Dossier | None = None
    people: tuple[Practitioner, ...] = ()
    since: Since = field(default_factory=Since)
    left: tuple[Practitioner, ...] = ()
    former: Dossier | None = None

    def opened(self, ports: Ports) -> "Beside":
        """With their personal values readable."""
        dossier = self.dossier
        enterprise = ports.records.opened(dossier.enterprise) if dossier else None
        whole = replace(dossier, enterprise=enterprise) if dossier and enterprise else None
        people, left = (tuple(ports.records.opened(each) for each in some) for some in (self.people, self.left))
        return replace(self, dossier=whole, people=people, left=left)


def beside(ports: Ports, folder: Folder) -> Beside:
    """As its owner sees it."""
    application, since = folder.application, _since_the_look(ports, folder)
    enterprise = enterprise_of(application.owner) if TABLE[application.service].for_members else None
    named = tuple((Practitioner, (each,)) for each in (*(person.id for person in application.persons), *since.left))
    found = ports.records.get_many(*named) if named else ()
    people = tuple(each for each in found if isinstance(each, Practitioner))
    return Beside(
        ports.records.dossier(enterprise) if enterprise else None,
        tuple(each for each in people if each.id not in since.left), since,
        tuple(each for each in people if each.id in since.left),
    )  # fmt: skip


def beside_for_staff(ports: Ports, folder: Folder) -> Beside:
    """A reviewer must know that a unit which applies to join was a member, and why it is none any more."""
    return replace(beside(ports, folder), former=_former_member(ports, folder.application))


def _former_member(ports: Ports, application: Application) -> Dossier | None:
    if TABLE[application.service].for_members or application.state.final:
        return None
    code = claim_value(application, ClaimKind.CREDIT_CODE)
    claim = ports.records.get(Claim, ClaimKind.CREDIT_CODE.value, code)
    return ports.records.dossier(claim.former) if claim is not None and claim.former else None


def _since_the_look(ports: Ports, folder: Folder) -> Since:
    """Opened only where something can have changed: masks alone do not tell one number from another."""
    look, application = folder.look, folder.application
    if look is None or not may_have_changed(look, application, folder.entries):
        return Since()
    return changes_since(ports.records.opened(look), ports.records.opened(application), folder.files)


# --- reading ----------------------------------------------------------------------------------------------------------


def association(ports: Ports) -> Association:
    found = ports.records.get(Association, "association")
    if found is None:
        raise Absent
    return found


def is_own(actor: Actor, owner: str) -> bool:
    return owner in {user_owner(actor.id), enterprise_owner(actor.enterprise or "-")}


def own_folder(ports: Ports, actor: Actor, application: str) -> Folder:
    """Raises Absent for what is not there or not his.

    His session was read a moment earlier: a join completed in between has passed to the enterprise he is bound to now.
    """
    folder = ports.records.folder(application)
    if folder is None:
        raise Absent
    owner = folder.application.owner
    if not is_own(actor, owner) and not is_own(_bound_as_of_now(ports, actor), owner):
        raise Absent
    return folder


def _bound_as_of_now(ports: Ports, actor: Actor) -> Actor:
    user = ports.records.get(User, actor.id)
    return replace(actor, enterprise=user.enterprise) if user else actor


def folder_for(ports: Ports, actor: Actor, application: str) -> Folder:
    """For whoever may see it: staff every one, a member his own."""
    if not actor.may_act_as(STAFF_ROLES):
        return own_folder(ports, actor, application)
    folder = ports.records.folder(application)
    if folder is None or folder.application.submitted_at is None:
        raise Absent
    return folder


def own_opened(ports: Ports, actor: Actor, application: str) -> Folder:
    """The actor's own application with every personal value readable: what he typed, how he named his files."""
    folder = opened_folder(ports, own_folder(ports, actor, application))
    return replace(folder, files=tuple(ports.records.opened(each) for each in folder.files))


def opened_folder(ports: Ports, folder: Folder) -> Folder:
    return replace(folder, application=ports.records.opened(folder.application))


def my_applications(ports: Ports, actor: Actor, asked: Asked) -> Page[Application]:
    """服务记录: the enterprise's when bound, else the user's own; newest first."""
    owner = enterprise_owner(actor.enterprise) if actor.enterprise else user_owner(actor.id)
    return ports.records.applications_of(owner, asked)


def queue(ports: Ports, state: State, asked: Asked) -> Page[Application]:
    """What waits in a state, longest first. Raises Refused for drafts: they are the applicant's business alone."""
    if state is State.DRAFT:
        raise Refused(Reason("drafts_are_private", "拟稿只有申请人可见。", "请选择其他状态。", "state"))
    return ports.records.applications_in(state, asked)


def reveal(ports: Ports, actor: Actor, application: str, reason: str) -> Folder:
    """The personal values in clear, for staff with a reason, which is logged first, every time (PIPL)."""
    folder = folder_for(ports, actor, application)
    why = reason_given(reason, "查看个人信息必须写明理由。", "请写明用途后再查看。")
    audited(ports, actor, f"application:{application}", "reveal", why)
    return opened_folder(ports, folder)


def audited(ports: Ports, actor: Actor, subject: str, deed: str, reason: str) -> None:
    """Keeps that a member of staff has looked at something, before he sees it."""
    ports.records.commit(noted(ports, actor.id, subject, deed, reason))
