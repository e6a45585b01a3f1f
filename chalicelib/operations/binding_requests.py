"""认领 by the user: asks to be bound to a unit, brings evidence, hands it in, takes it back. Staff: `granting.py`.

No register is looked into here, so nothing that is answered can tell whether there is such a member.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.operations.commands import Absent, Deed, Order, once, unchanged_since
from chalicelib.operations.materials import expected_file, removed
from chalicelib.operations.ports import Asked as Wanted
from chalicelib.operations.ports import Change, Insert, Page, Ports, Remove, Replace, Require
from chalicelib.rules.binding_requests import (
    ALREADY_BOUND,
    EVIDENCE_GOES_WITH,
    NO_PROFILE,
    OWN_JOIN,
    Asked,
    Step,
    missing,
    moved,
    read,
    refuse_full,
    refuse_unless_open_to,
    slot_of,
    still_open,
)
from chalicelib.rules.folding import read_as
from chalicelib.rules.records import (
    BindingRequest,
    Claim,
    ClaimKind,
    MaterialFile,
    RequestFolder,
    Shelf,
    User,
)
from chalicelib.rules.uploads import safe_display_name
from chalicelib.rules.vocabulary import Actor, Personal, Refused

HOLDER = "binding_request:"


def ask(ports: Ports, order: Order, typed: Asked) -> str:
    """Opens a binding request, to which evidence is then brought; answers its id.

    One that is open per user. Raises Refused with every reason for what was typed; bound already, a join of his own
    under way, no name and mobile number, or one still open.
    """

    def deed() -> Deed:
        user, open_one = _free_user(ports, order.actor)
        if open_one is not None:
            raise Refused(still_open(request_in(open_one)))
        request = _opened(ports, user, _readable(typed))
        guard = Claim(kind=ClaimKind.BINDING_REQUEST, value=user.id, holder=f"{HOLDER}{request.id}")
        # A new version of the user: who binds himself at the same moment reads again, and finds this open.
        moved_on = Replace(user, user.changed())
        return Deed((Insert(request), Insert(Shelf(application=request.id)), Insert(guard), moved_on), request.id)

    return once(ports, order, deed)


def _free_user(ports: Ports, actor: Actor) -> tuple[User, Claim | None]:
    """With the guard row of the request that is open, if any."""
    kinds = (ClaimKind.APPLICANT, ClaimKind.BINDING_REQUEST)
    user, join, mine = ports.records.get_many((User, (actor.id,)), *((Claim, (k.value, actor.id)) for k in kinds))
    if not isinstance(user, User):
        raise Absent
    if user.enterprise is not None:
        raise Refused(ALREADY_BOUND)
    if join is not None:
        raise Refused(OWN_JOIN)
    return user, mine if isinstance(mine, Claim) else None


def _readable(typed: Asked) -> Asked:
    asked, reasons = read(typed)
    if reasons:
        raise Refused(*reasons)
    return asked


def _opened(ports: Ports, user: User, asked: Asked) -> BindingRequest:
    """His name and number as of now, sealed anew for their place in the request."""
    known = ports.records.opened(user)
    if known.name is None or known.mobile is None:
        raise Refused(NO_PROFILE)
    return BindingRequest(
        id=ports.ids.new("q"), user=user.id, unit=asked.unit, credit_code=asked.credit_code, post=asked.post,
        name=replace(known.name, sealed=None), mobile=replace(known.mobile, sealed=None),
        remark=Personal("***", asked.remark) if asked.remark else None, opened_at=ports.clock.now(),
    )  # fmt: skip


def request_in(guard: Claim) -> str:
    return guard.holder.removeprefix(HOLDER)


def guard_of(ports: Ports, request: BindingRequest) -> tuple[Change, ...]:
    """What frees the user to ask again."""
    guard = ports.records.get(Claim, ClaimKind.BINDING_REQUEST.value, request.user)
    return (Remove(guard),) if guard is not None and request_in(guard) == request.id else ()


# --- evidence ---------------------------------------------------------------------------------------------------------


def request_upload(ports: Ports, order: Order, request: str, slot: str, name: str) -> str:
    """Makes room for one file; answers its id, for `materials.upload_form`.

    Raises Absent, Refused (slot unknown or full, handed in already), Misfilled for the name.
    """
    shown = read_as("file_name", safe_display_name, name)

    def deed() -> Deed:
        folder = _collecting(ports, order.actor, request)
        refuse_full(slot_of(slot), folder.files)
        file = expected_file(ports, folder.shelf, slot, shown)
        return Deed((Insert(file), *_shelf_moved(folder)), file.id)

    return once(ports, order, deed)


def remove_evidence(ports: Ports, order: Order, request: str, file: str) -> str:
    """Takes a file out before it is handed in, and soon out of the bucket; answers the request's id."""

    def deed() -> Deed:
        folder = _collecting(ports, order.actor, request)
        return Deed((*removed(ports, evidence_of(folder, file)), *_shelf_moved(folder)), request)

    return once(ports, order, deed)


def _collecting(ports: Ports, actor: Actor, request: str) -> RequestFolder:
    folder = own(ports, actor, request)
    refuse_unless_open_to(folder.request, Step.SUBMIT)
    return folder


def _shelf_moved(folder: RequestFolder) -> tuple[Change, ...]:
    """Had it been handed in meanwhile, evidence would change under the eyes of whoever looks at it."""
    return Replace(folder.shelf, folder.shelf.changed()), Require(folder.request)


def evidence_of(folder: RequestFolder, file: str) -> MaterialFile:
    """Raises Absent."""
    found = next((each for each in folder.files if each.id == file), None)
    if found is None:
        raise Absent
    return found


# --- handing in, taking back ------------------------------------------------------------------------------------------


def submit(ports: Ports, order: Order, request: str, seen: int | None = None) -> str:
    """提交 to staff; answers the request's id. Raises Absent, Refused with everything that is missing."""

    def deed() -> Deed:
        folder = own(ports, order.actor, request)
        after = moved(folder.request, Step.SUBMIT, ports.clock.now())
        unchanged_since(seen, folder.request.version)
        user, _ = _free_user(ports, order.actor)
        if reasons := missing(folder.files):
            raise Refused(*reasons)
        return Deed((Replace(folder.request, after), Require(folder.shelf), Require(user)), request)

    return once(ports, order, deed)


def withdraw(ports: Ports, order: Order, request: str) -> str:
    """撤回, while nobody has decided it; the evidence is erased. Answers the request's id. Raises Absent, Refused."""

    def deed() -> Deed:
        folder = own(ports, order.actor, request)
        return Deed(closed(ports, folder, Step.WITHDRAW, ports.clock.now()), request)

    return once(ports, order, deed)


def closed(ports: Ports, folder: RequestFolder, step: Step, at: datetime, **why: str) -> tuple[Change, ...]:
    """The request after its last step, the user free to ask again, and no evidence kept of what nobody decided."""
    after = moved(folder.request, step, at, **why)
    gone = folder.files if step in EVIDENCE_GOES_WITH else ()
    erased = (change for file in gone for change in removed(ports, file))
    return (Replace(folder.request, after), *guard_of(ports, folder.request), *erased)


def overtaken(ports: Ports, guard: Claim | None, at: datetime) -> tuple[Change, ...]:
    """He has bound himself: the request that he has open, if any, ends in the same commit."""
    folder = ports.records.request_folder(request_in(guard)) if guard else None
    return closed(ports, folder, Step.OVERTAKE, at) if folder and folder.request.status.open else ()


# --- reading ----------------------------------------------------------------------------------------------------------


def mine(ports: Ports, actor: Actor, asked: Wanted) -> Page[BindingRequest]:
    """我的认领, newest first."""
    return ports.records.binding_requests_of(actor.id, asked)


def own(ports: Ports, actor: Actor, request: str) -> RequestFolder:
    """Raises Absent for what is not there or not his."""
    folder = ports.records.request_folder(request)
    if folder is None or folder.request.user != actor.id:
        raise Absent
    return folder


def opened(ports: Ports, folder: RequestFolder) -> RequestFolder:
    """With its personal values readable: for him who asked, or after a reason was logged."""
    reading: Callable[[MaterialFile], MaterialFile] = ports.records.opened
    return replace(folder, request=ports.records.opened(folder.request), files=tuple(map(reading, folder.files)))
