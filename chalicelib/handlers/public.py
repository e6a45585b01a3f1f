"""What anyone may read without a session: the catalogue, payment instructions, contacts, forms, the API's papers."""

import json
from collections.abc import Callable
from functools import cache

from chalice.app import Request, Response

from chalicelib.handlers import verifying
from chalicelib.handlers.calls import Answer, Call
from chalicelib.handlers.desks import PUBLIC, public
from chalicelib.handlers.openapi import served
from chalicelib.handlers.paper import domain, page
from chalicelib.handlers.problems import Rejected, in_our_words
from chalicelib.handlers.schemas.catalogue import Forms, FormShown, Services, ServiceShown
from chalicelib.handlers.schemas.contact import Contact, Health, PaymentInstructions
from chalicelib.operations import catalogue
from chalicelib.operations.applications import association
from chalicelib.operations.commands import Absent
from chalicelib.pages.docs import docs_page
from chalicelib.pages.home import home_page
from chalicelib.rules.vocabulary import Reason, Service

__all__ = ["public", "verifying"]  # whose views are on the same blueprint


@public.middleware("http")
def say_it_our_way(event: Request, get_response: Callable[[Request], Response]) -> Response:
    return in_our_words(get_response(event))


# --- pages and documents ----------------------------------------------------------------------------------------------


@PUBLIC.reads("/", "首页", None, html=True)
def home(call: Call) -> Answer:
    return page(home_page(association(call.ports), domain(call)))


@PUBLIC.reads("/docs", "接口文档", None, html=True, stands_alone=True)
def docs(call: Call) -> Answer:
    return page(drawn_docs(call.ports.public_url))


@cache
def drawn_docs(public_url: str) -> str:
    return docs_page(served(public_url))


@PUBLIC.reads("/openapi.json", "接口说明（OpenAPI 3.1）", None, stands_alone=True)
def openapi(call: Call) -> Answer:
    return Answer(json.dumps(served(call.ports.public_url), ensure_ascii=False))


@PUBLIC.reads("/healthz", "运行状况", Health)
def health(call: Call) -> Health:
    try:
        association(call.ports)
    except Absent:
        told = Reason("not_set_up", "系统尚未初始化。", "请管理员先写入协会设置。")
        raise Rejected(503, told) from None
    return Health(status="ok")


# --- catalogue --------------------------------------------------------------------------------------------------------


@PUBLIC.reads("/services", "办事指南：全部业务", Services)
def services(call: Call) -> Services:
    return Services(items=[ServiceShown.of(offer) for offer in catalogue.catalogue(call.ports)])


@PUBLIC.reads("/services/{code}", "办事指南：一项业务", ServiceShown)
def service(call: Call, code: str) -> ServiceShown:
    offer = catalogue.offered(call.ports, Service(code)) if code in set(Service) else None
    if offer is None:
        raise Absent
    return ServiceShown.of(offer)


@PUBLIC.reads("/payment-instructions", "缴费说明", PaymentInstructions)
def payment_instructions(call: Call) -> PaymentInstructions:
    return PaymentInstructions.of(association(call.ports))


@PUBLIC.reads("/contact", "联系方式和在线客服", Contact)
def contact(call: Call) -> Contact:
    return Contact.of(association(call.ports))


@PUBLIC.reads("/forms", "空白表格", Forms)
def forms(call: Call) -> Forms:
    return Forms(items=[FormShown.of(form) for form in association(call.ports).forms])
