"""What of a result the agent may see (docs/policy.md, "response"), and what the call cost."""

from . import conditions, decimals, facts, jcs
from .conditions import every, holds
from .policy import quote

REDACTED = "[redacted]"


def judge(policy, call, result):
    about = call | {"now_ms": call["at_ms"]}
    entries = policy.entries(call["tool"]["upstream"], call["tool"]["name"]) or []
    answer = _response(policy, entries, result)
    quoted = quote(entries, about)
    if quoted is None:
        return answer
    _, price, amount = quoted
    if "from" in price and "reserve" in price:
        actual = facts.exact(facts.follow(result, facts.path(price["from"])[1]), int(price.get("scale", 18)))
        amount = amount if actual is None else actual
    return answer | {"price": {"amount": decimals.text(amount), "currency": price["currency"]}}


def _response(policy, entries, result):
    said = [(f"{entry.pointer}/response", entry.terms["response"]) for entry in entries if "response" in entry.terms]
    if not policy.shadow:
        bounds = [
            (response["max_bytes"], f"{pointer}/max_bytes") for pointer, response in said if "max_bytes" in response
        ]
        most = min(bounds, default=None)
        if most is not None and len(jcs.canonical(result)) > most[0]:
            return {"ok": False, "rule": most[1]}
        for pointer, response in said:
            for number, rule in enumerate(response.get("deny_if", ())):
                if (
                    every(holds(one, lambda path: facts.follow(result, path[1])) for one in rule["conditions"])
                    is not False
                ):
                    words = {"message": rule["on_deny"]} if "on_deny" in rule else {}
                    return {"ok": False, "rule": f"{pointer}/deny_if/{number}"} | words
    for _, response in said:
        for redaction in response.get("redact", ()):
            result = _redacted(redaction, result)
    return {"ok": True, "result": result}


def _redacted(redaction, result):
    if isinstance(redaction, str):
        return _place(facts.path(redaction)[1], result)
    found, instead = conditions.pattern(redaction["pattern"]), redaction.get("with", REDACTED)
    return _texts(found, instead, result)


def _place(segments, value):
    if not segments:
        return REDACTED
    first, *rest = segments
    if isinstance(value, dict):
        return {name: _place(rest, one) if first in ("*", name) else one for name, one in value.items()}
    if isinstance(value, list):
        return [_place(rest, one) if first in ("*", str(index)) else one for index, one in enumerate(value)]
    return value


def _texts(found, instead, value):
    if isinstance(value, str):
        return REDACTED if facts.units(value) > conditions.MAX_TEXT else found.sub(lambda _: instead, value)
    if isinstance(value, list):
        return [_texts(found, instead, one) for one in value]
    if isinstance(value, dict):
        return {name: _texts(found, instead, one) for name, one in value.items()}
    return value
