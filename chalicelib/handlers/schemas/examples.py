"""Made-up values for the examples in the documentation: they pass every check and can be nobody's.

Division 449999 does not exist, so no credit code with it was ever given out.
"""

APPLICATION = "akx3m7q2vw5rtb4zn"
FILE = f"{APPLICATION}.fq6jd2m4xw7yc3ks5"
PAYMENT = "pm5c2wqx7ta6hn3rv"
INVOICE = "invk7m3q2vw5rtb4zn"
INVOICE_FILE = f"{INVOICE}.fq6jd2m4xw7yc3ks5"
ROOT = "QX4MZ7VTK2WB6HRY3NDS5PCJAE"
TOKEN = f"{ROOT}AB"
NUMBER = "2026-00001"
ENTERPRISE = "虚构一号有害生物防制有限公司"
PERSON = "赵甲一"
MOBILE = "19900000001"
JOIN_FORM = {
    "name": ENTERPRISE,
    "credit_code": "91449999000000001D",
    "kind": "企业",
    "legal_representative": PERSON,
    "capital": "500万元人民币",
    "registered_address": "虚构市示范路 1 号",
    "office_address": "虚构市示范路 1 号 2 楼",
    "founded_on": "2015-06-01",
    "business_scope": "有害生物防制服务",
    "contact_name": PERSON,
    "contact_mobile": MOBILE,
    "contact_email": "name@example.com",
    "contact_post": "总经理",
}
