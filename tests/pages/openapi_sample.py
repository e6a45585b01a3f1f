"""A small OpenAPI 3.1 document with every turn that ours takes: references, nulls, lists, alternatives, problems."""

from typing import Any

REASON = {
    "type": "object",
    "required": ["code", "message", "next"],
    "properties": {
        "code": {"type": "string", "description": "供程序识别，不会改变"},
        "message": {"type": "string", "description": "给人看的原因"},
        "next": {"type": "string", "description": "下一步怎么办"},
        "field": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["title", "status", "reasons"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
    },
}
JOIN = {
    "type": "object",
    "required": ["service", "form"],
    "properties": {
        "service": {"const": "join"},
        "form": {"$ref": "#/components/schemas/JoinForm", "description": "入会申请表的内容"},
        "founded_on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}], "default": None},
        "parent": {"$ref": "#/components/schemas/Join"},
    },
}
JOIN_FORM = {
    "type": "object",
    "required": ["name", "kind"],
    "properties": {
        "name": {
            "type": "string",
            "minLength": 2,
            "maxLength": 100,
            "description": "与营业执照一致",
            "examples": ["虚构公司"],
        },
        "kind": {"type": "string", "enum": ["company", "public_institution", "other"]},
    },
}
REFUSED = {
    "description": "不符合条件，`reasons` 一次说明全部原因",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    "x-problem-codes": [{"code": "already_member", "message": "该单位已是会员"}, "join_under_way"],
}
OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "虚构协会会员服务",
        "version": "1.0",
        "description": "金额一律为整数，单位为分。\n\n时间带 `+08:00`。",
    },
    "servers": [{"url": "https://verify.association.example/"}],
    "tags": [{"name": "公开", "description": "不用登录。"}, {"name": "会员"}, {"name": "没有用到"}],
    "paths": {
        "/v/{token}": {
            "parameters": [{"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "tags": ["公开"],
                "summary": "查验证书",
                "responses": {
                    "200": {"description": "查到", "content": {"text/html": {"schema": {"type": "string"}}}},
                    "404": {"description": "未查询到该证书"},
                },
            },
        },
        "/verify": {
            "get": {
                "tags": ["公开"],
                "summary": "按编号查询",
                "parameters": [
                    {"name": "number", "in": "query", "required": True, "schema": {"type": "string", "maxLength": 64}}
                ],
                "responses": {"200": {"description": "查到"}},
            },
        },
        "/applications": {
            "post": {
                "tags": ["会员"],
                "summary": "新建业务办理",
                "description": "建立一份拟稿。\n\n同一 `Idempotency-Key` 只建一次。",
                "security": [{"session": []}],
                "parameters": [
                    {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Join"}}}},
                "responses": {"201": {"description": "已建立"}, "409": {"$ref": "#/components/responses/Refused"}},
            },
        },
        "/healthz": {"get": {"responses": {"200": {"description": "ok"}}}},
    },
    "components": {
        "schemas": {"Reason": REASON, "Problem": PROBLEM, "Join": JOIN, "JoinForm": JOIN_FORM},
        "responses": {"Refused": REFUSED},
    },
}
