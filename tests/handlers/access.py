"""Who may reach what. Written by hand, on purpose: nothing here is worked out from the routes that it judges.

WHO ASKS
    vis  a visitor without a session                rev  审核人员 reviewer
    new  a member, bound to nothing, with nothing   fin  财务 finance
    app  an applicant, his 入会 under way           cer  制证人员 certifier
    rep  the representative of a company            tra  培训管理员 trainer
    col  his colleague, bound to the same company   adm  管理员 admin
    for  who founded a membership, then unbound     dis  staff whose account is disabled
    riv  the representative of another company      out  staff who has signed out
    end  a member who has signed out

WHAT HE ASKS FOR, where the path or the body names a thing: three marks, for his own, for everybody else's, and for
one that is not there. Staff own nothing: theirs are one thing that waits for this step, every other, and an absent one
(to which a draft counts: drafts are private). One mark where nothing is named.

WHAT HE IS ANSWERED
    .  let through; what is the matter with it then is told (409), but not that it is not his
    1  401, sign in first        3  403, not your role        4  404, not there        -  he has none
"""

TABLE = """
                                                        vis new app rep col for riv end rev fin cer tra adm dis out

GET    /                                                .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /docs                                            .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /openapi.json                                    .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /healthz                                         .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /services                                        .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /services/{code}                                 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4
GET    /payment-instructions                            .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /contact                                         .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /forms                                           .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
GET    /V/{token}                                       ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4
GET    /v/{token}                                       ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4 ..4
GET    /verify                                          .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
POST   /login                                           .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
POST   /staff/login                                     .   .   .   .   .   .   .   .   .   .   .   .   .   .   .

POST   /logout                                          1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /me                                              1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
PUT    /me                                              1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /me/consents                                     1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
POST   /me/consents                                     1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /me/enterprise                                   1   4   4   .   .   4   .   1   1   1   1   1   1   1   1
PATCH  /me/enterprise/contact                           1   4   4   .   .   4   .   1   1   1   1   1   1   1   1
POST   /me/binding                                      1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
DELETE /me/binding                                      1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
POST   /binding-requests                                1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /binding-requests                                1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /binding-requests/{request}                      111 -44 .44 -44 -44 -44 -44 111 111 111 111 111 111 111 111
POST   /binding-requests/{request}/evidence             111 -44 .44 -44 -44 -44 -44 111 111 111 111 111 111 111 111
GET    /binding-requests/{request}/evidence/{evidence}  111 -44 .44 -44 -44 -44 -44 111 111 111 111 111 111 111 111
DELETE /binding-requests/{request}/evidence/{evidence}  111 -44 .44 -44 -44 -44 -44 111 111 111 111 111 111 111 111
POST   /binding-requests/{request}/submit               111 -44 .44 -44 -44 -44 -44 111 111 111 111 111 111 111 111
POST   /binding-requests/{request}/withdraw             111 -44 .44 -44 -44 -44 -44 111 111 111 111 111 111 111 111
GET    /plan                                            1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /messages                                        1   .   .   .   .   .   .   1   1   1   1   1   1   1   1

POST   /applications                                    1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /applications                                    1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /applications/{application}                      111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
PATCH  /applications/{application}                      111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
PUT    /applications/{application}/persons              111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
POST   /applications/{application}/submit               111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
POST   /applications/{application}/withdraw             111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
POST   /uploads                                         111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
GET    /applications/{application}/files/{file}         111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
DELETE /applications/{application}/files/{file}         111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
POST   /payments                                        111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
GET    /payments/{payment}                              111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111

POST   /invoices                                        111 -44 .44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
GET    /invoices                                        1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /invoices/{invoice}                              111 -44 -44 .44 .44 -44 -44 111 111 111 111 111 111 111 111
POST   /invoices/{invoice}/cancel                       111 -44 .44 .44 .44 -44 -44 111 111 111 111 111 111 111 111
GET    /invoices/{invoice}/file                         111 -44 -44 .44 .44 -44 -44 111 111 111 111 111 111 111 111

GET    /certificates                                    1   .   .   .   .   .   .   1   1   1   1   1   1   1   1
GET    /certificates/{root}                             111 -44 -44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
GET    /certificates/{root}/pdf                         111 -44 -44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
POST   /certificates/{root}/mail                        111 -44 -44 .44 .44 -44 .44 111 111 111 111 111 111 111 111
GET    /practitioners                                   1   4   4   .   .   4   .   1   1   1   1   1   1   1   1

POST   /staff/logout                                    1   1   1   1   1   1   1   1   .   .   .   .   .   1   1
GET    /staff/me                                        1   1   1   1   1   1   1   1   .   .   .   .   .   1   1
GET    /staff/applications                              1   1   1   1   1   1   1   1   .   .   .   .   .   1   1
GET    /staff/applications/{application}                111 111 111 111 111 111 111 111 ..4 ..4 ..4 ..4 ..4 111 111
GET    /staff/applications/{application}/files/{file}   111 111 111 111 111 111 111 111 ..4 ..4 ..4 ..4 ..4 111 111
POST   /staff/applications/{application}/approve        111 111 111 111 111 111 111 111 ..4 333 333 333 333 111 111
POST   /staff/applications/{application}/return         111 111 111 111 111 111 111 111 ..4 333 333 333 333 111 111
POST   /staff/applications/{application}/reject         111 111 111 111 111 111 111 111 ..4 333 333 333 333 111 111
POST   /staff/applications/{application}/note-paper     111 111 111 111 111 111 111 111 333 333 ..4 333 333 111 111
POST   /staff/applications/{application}/send-back      111 111 111 111 111 111 111 111 333 333 ..4 333 333 111 111
POST   /staff/applications/{application}/reveal         111 111 111 111 111 111 111 111 ..4 ..4 ..4 ..4 ..4 111 111

GET    /staff/payments                                  1   1   1   1   1   1   1   1   3   .   3   3   .   1   1
GET    /staff/payments/{payment}                        111 111 111 111 111 111 111 111 333 ..4 333 333 ..4 111 111
POST   /staff/payments/{payment}/confirm                111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/payments/{payment}/refuse                 111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/payments/{payment}/undo                   111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
GET    /staff/credits/{owner}                           111 111 111 111 111 111 111 111 333 ... 333 333 ... 111 111
POST   /staff/statements                                1   1   1   1   1   1   1   1   3   .   3   3   3   1   1
GET    /staff/statements                                1   1   1   1   1   1   1   1   3   .   3   3   .   1   1
GET    /staff/statements/{statement}                    111 111 111 111 111 111 111 111 333 ..4 333 333 ..4 111 111
GET    /staff/statements/{statement}/proposals          111 111 111 111 111 111 111 111 333 ..4 333 333 ..4 111 111
POST   /staff/statements/{statement}/lines/{line}/book  111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/statements/{statement}/lines/{line}/set-aside 111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/statements/{statement}/lines/{line}/take-back 111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/refunds                                   1   1   1   1   1   1   1   1   3   .   3   3   3   1   1
GET    /staff/closing                                   1   1   1   1   1   1   1   1   3   .   3   3   .   1   1

GET    /staff/invoices                                  1   1   1   1   1   1   1   1   3   .   3   3   .   1   1
GET    /staff/invoices/{invoice}                        111 111 111 111 111 111 111 111 333 ..4 333 333 ..4 111 111
POST   /staff/invoices/{invoice}/upload                 111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/invoices/{invoice}/issue                  111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/invoices/{invoice}/cancel                 111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
GET    /staff/invoices/{invoice}/file                   111 111 111 111 111 111 111 111 333 ..4 333 333 ..4 111 111
POST   /staff/invoices/{invoice}/mail                   111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111
POST   /staff/invoices/{invoice}/reissue                111 111 111 111 111 111 111 111 333 ..4 333 333 333 111 111

GET    /staff/enterprises/{member_code}                 111 111 111 111 111 111 111 111 ..4 ..4 ..4 ..4 ..4 111 111
PATCH  /staff/enterprises/{member_code}                 111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
POST   /staff/enterprises/{member_code}/end-membership  111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
POST   /staff/enterprises/{member_code}/restore-membership 111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
GET    /staff/binding-requests                          1   1   1   1   1   1   1   1   .   3   3   3   .   1   1
GET    /staff/binding-requests/{request}                111 111 111 111 111 111 111 111 ..4 333 333 333 ..4 111 111
GET    /staff/binding-requests/{request}/evidence/{evidence} 111 111 111 111 111 111 111 111 ..4 333 333 333 ..4 111 111
POST   /staff/binding-requests/{request}/reveal         111 111 111 111 111 111 111 111 ..4 333 333 333 ..4 111 111
POST   /staff/binding-requests/{request}/grant          111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
POST   /staff/binding-requests/{request}/refuse         111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
POST   /staff/practitioners                             1   1   1   1   1   1   1   1   3   3   3   3   .   1   1
GET    /staff/certificates/{number}                     111 111 111 111 111 111 111 111 ..4 ..4 ..4 ..4 ..4 111 111
POST   /staff/certificates/{number}/revoke              111 111 111 111 111 111 111 111 333 333 ..4 333 ..4 111 111
POST   /staff/certificates/{number}/reinstate           111 111 111 111 111 111 111 111 333 333 ..4 333 ..4 111 111

GET    /staff/accounts                                  1   1   1   1   1   1   1   1   3   3   3   3   .   1   1
POST   /staff/accounts                                  1   1   1   1   1   1   1   1   3   3   3   3   .   1   1
PATCH  /staff/accounts/{name}                           111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
POST   /staff/accounts/{name}/reset                     111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
POST   /staff/users/{user}/unbind                       111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
GET    /staff/settings                                  1   1   1   1   1   1   1   1   3   3   3   3   .   1   1
PUT    /staff/settings                                  1   1   1   1   1   1   1   1   3   3   3   3   .   1   1
GET    /staff/audit                                     1   1   1   1   1   1   1   1   3   3   3   3   .   1   1
GET    /staff/dead-letters                              1   1   1   1   1   1   1   1   3   3   3   3   .   1   1
POST   /staff/dead-letters/{row}/redrive                111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
POST   /staff/dead-letters/{row}/discard                111 111 111 111 111 111 111 111 333 333 333 333 ..4 111 111
"""

HEAD, *ROWS = (line.split() for line in TABLE.splitlines() if line.strip())
WHO = tuple(HEAD)
EXPECTED = {f"{method} {path}": dict(zip(WHO, marks, strict=True)) for method, path, *marks in ROWS}
