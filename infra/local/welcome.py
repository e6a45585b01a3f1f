"""What `make run` prints: addresses, accounts, and what to try, in lines that work as pasted."""

from infra.local.system import System

TEXT = r"""
The system is up ({seconds:.1f} s). Ctrl-C ends it; its records end with it.

  service    {url}      documentation: {url}/docs
  mail box   {mail}
  WeChat     {wechat}   (a stand-in; it asks for no phone)
  log        {log}

Staff, for demonstration only; each with a one-time code from `make code NAME=reviewer`:
{accounts}

Try, line by line in another terminal:

  # what anybody may read
  curl -s {url}/services; curl -s {url}/forms; curl -s {url}/payment-instructions
  # Ming logs in with WeChat, says who he is, and asks what he may do now
  CODE=$(curl -s {wechat}/stand-in/codes -d '{{"name": "ming"}}' | sed 's/.*"code": "\([^"]*\)".*/\1/')
  TOKEN=$(curl -s {url}/login -H 'Content-Type: application/json' -d '{{"code": "'$CODE'"}}' \
    | sed 's/.*"token": "\([^"]*\)".*/\1/')
  curl -s -X PUT {url}/me -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: me-$RANDOM$RANDOM" -d '{{"name": "陈甲一", "mobile": "19900000001"}}'
  curl -s {url}/plan -H "Authorization: Bearer $TOKEN"
  # he opens an application to join
  curl -s {url}/applications -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: join-$RANDOM$RANDOM" -d '{{"service": "join"}}'
  # a reviewer signs in and looks at the queue
  STAFF=$(curl -s {url}/staff/login -H 'Content-Type: application/json' \
    -d '{{"name": "reviewer", "password": "demo-password-reviewer", "code": "'$(make -s code NAME=reviewer)'"}}' \
    | sed 's/.*"token": "\([^"]*\)".*/\1/')
  curl -s "{url}/staff/applications?state=in_review" -H "Authorization: Bearer $STAFF"

The whole story, unattended: make demo
"""


def text(running: System, seconds: float) -> str:
    accounts = "\n".join(f"  {account.name:10} {account.password}" for account in running.accounts)
    return TEXT.format(
        seconds=seconds,
        url=running.url,
        mail=running.mailbox.directory.resolve() / "index.html",
        wechat=running.wechat.url,
        log=running.state.resolve() / "log.jsonl",
        accounts=accounts,
    )
