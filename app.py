"""Makes the Chalice app and registers the handlers; nothing else."""

from chalice.app import Chalice

from chalicelib.handlers import issuing, mailing, members, notifying, outbox, public, staff, timetable, uploads
from chalicelib.handlers.logbook import NAME

app = Chalice(app_name=NAME, configure_logs=False)  # its own log would show what ours hides
app.api.binary_types.extend(["application/pdf", "image/*"])  # a browser asks for image/avif first, whatever it will get

for blueprint in (
    public.public,
    members.members,
    staff.staff,
    uploads.uploads,
    outbox.outbox,
    issuing.issuing,
    mailing.mailing,
    notifying.notifying,
    timetable.timetable,
):
    app.register_blueprint(blueprint)
