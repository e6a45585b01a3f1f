"""Where each audience is served: one blueprint and one desk for each. Chalice needs the blueprints, views the desks."""

from chalice.app import Blueprint

from chalicelib.handlers.routes import Desk
from chalicelib.handlers.sessions import Audience

public = Blueprint("chalicelib.handlers.public")
members = Blueprint("chalicelib.handlers.members")
staff = Blueprint("chalicelib.handlers.staff")

PUBLIC = Desk(public, Audience.PUBLIC)
MEMBERS = Desk(members, Audience.MEMBER)
STAFF = Desk(staff, Audience.STAFF)
