"""Who uses the platform: WeChat users with their name, mobile and consents. Staff: the modules beside this one."""

from collections.abc import Iterable, Mapping

from chalicelib.operations.commands import Absent, Deed, Order, once
from chalicelib.operations.ports import Conflict, Insert, Ports, Replace
from chalicelib.operations.staff import NewAccount, open_account
from chalicelib.operations.staff_sessions import sign_in, sign_out_everywhere, staff_of
from chalicelib.rules.association import Association
from chalicelib.rules.folding import read_all
from chalicelib.rules.identifiers import mask_mobile, mask_name, mobile, person_name
from chalicelib.rules.records import User
from chalicelib.rules.vocabulary import Actor, Personal, Reason, Refused, Role

# What the rim asks about staff is found here too, beside its twin for users.
__all__ = [
    "NewAccount",
    "give_consents",
    "log_in",
    "log_out_everywhere",
    "member_of",
    "open_account",
    "own_data",
    "save_profile",
    "sign_in",
    "sign_out_everywhere",
    "staff_of",
    "templates",
]

MOST_CONSENTS = 20


def log_in(ports: Ports, code: str) -> User:
    """A WeChat login code for the user it stands for, made known at his first login.

    Raises carriers.LoginRefused (401) or carriers.LoginUnavailable (503).
    """
    identity = ports.wechat.login(code)
    user_id = "u" + ports.ids.keyed("openid", identity.openid)[:32]
    known = ports.records.get(User, user_id)
    return known or _first_login(ports, User(id=user_id, openid=Personal("wx***", identity.openid)))


def _first_login(ports: Ports, user: User) -> User:
    try:
        ports.records.commit(Insert(user))
    except Conflict:
        known = ports.records.get(User, user.id)
        if known is not None:
            return known
        raise
    return user


def member_of(ports: Ports, user: str, epoch: int) -> tuple[User, Actor]:
    """The one strongly consistent read behind every member's request. Raises Absent for a session that has ended."""
    found = ports.records.get(User, user)
    if found is None or found.epoch != epoch:
        raise Absent
    return found, Actor(found.id, frozenset({Role.APPLICANT}), found.enterprise)


def log_out_everywhere(ports: Ports, order: Order) -> str:
    """Ends all sessions of the user."""

    def deed() -> Deed:
        user = _user(ports, order.actor.id)
        return Deed((Replace(user, user.changed(epoch=user.epoch + 1)),), user.id)

    return once(ports, order, deed)


def save_profile(ports: Ports, order: Order, name: str, phone: str) -> str:
    """真实姓名 and 手机号. Raises folding.Misfilled with every reason."""
    read = read_all({"name": person_name, "mobile": mobile}, {"name": name, "mobile": phone})

    def deed() -> Deed:
        user = _user(ports, order.actor.id)
        after = user.changed(
            name=Personal(mask_name(read["name"]), read["name"]),
            mobile=Personal(mask_mobile(read["mobile"]), read["mobile"]),
        )
        return Deed((Replace(user, after),), user.id)

    return once(ports, order, deed)


def give_consents(ports: Ports, order: Order, notices: Iterable[str]) -> str:
    """One tap of consent is one message per template; kept as credits, since WeChat does not tell what is left."""
    wanted = tuple(notices)

    def deed() -> Deed:
        _refuse_unknown_notices(ports, wanted)
        user = _user(ports, order.actor.id)
        more = {each: min(user.consents.get(each, 0) + 1, MOST_CONSENTS) for each in wanted}
        return Deed((Replace(user, user.changed(consents={**user.consents, **more})),), user.id)

    return once(ports, order, deed)


def templates(ports: Ports) -> Mapping[str, str]:
    """Which WeChat template to ask consent for, by notice: the mini-program hands the ids to WeChat."""
    settings = ports.records.get(Association, "association")
    return {notice: template.id for notice, template in settings.wechat_templates.items()} if settings else {}


def _refuse_unknown_notices(ports: Ports, wanted: tuple[str, ...]) -> None:
    known = templates(ports)
    if not set(wanted) <= set(known):
        told = f"可以订阅的提醒只有：{'、'.join(known)}。"
        raise Refused(Reason("unknown_notice", "没有这种微信提醒。", told, "notices"))


def own_data(ports: Ports, user: str) -> User:
    """The user's own record, opened: for nobody but himself."""
    return ports.records.opened(_user(ports, user))


def _user(ports: Ports, user: str) -> User:
    found = ports.records.get(User, user)
    if found is None:
        raise Absent
    return found
