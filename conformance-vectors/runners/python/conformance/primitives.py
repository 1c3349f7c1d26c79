"""The primitives that vectors name: each takes a vector's input and gives the answer to compare."""

import base64

from . import (
    challenge,
    decimals,
    documents,
    ed25519,
    handshake,
    jcs,
    limits,
    merkle,
    policy,
    receipt,
    results,
    session,
    statements,
    strictjson,
    toolcall,
    trust,
    validation,
)
from .encoding import any_hex, lower_hex, seed, to_base64
from .rejected import NotServed, Rejected


def _canonical_forms(data):
    return {"canonical_json": data.decode("utf-8"), "canonical_sha256": jcs.digest(data)}


def _canonicalize(given, writing):
    return _canonical_forms(jcs.canonical(strictjson.gate_text(given["json"]), writing))


def _gate(given):
    value = strictjson.gate(base64.b64decode(given["bytes_b64"]), strictjson.PROFILES[given["profile"]])
    return {"ok": True, "canonical_sha256": jcs.digest(jcs.canonical(value))}


def _message(given):
    return any_hex(given["message_hex"]) if "message_hex" in given else given["message_utf8"].encode("utf-8")


def _ed25519_verify(given):
    key, signature = any_hex(given["public_key_hex"]), any_hex(given["signature_hex"])
    return {"ok": None not in (key, signature) and ed25519.verify(_message(given), signature, key)}


def _unsigned(document):
    return {"unsigned": document} | _canonical_forms(jcs.canonical(document))


def _signed_certificate(certificate):
    data = jcs.canonical(documents.without_signature(certificate))
    return _canonical_forms(data) | {"certificate_id": jcs.digest(data)}


def _issue_certificate(given):
    unsigned = documents.build_certificate(given["fields"], given["issuer_pubkey_hex"])
    certificate = documents.signed(unsigned, given["issuer_seed_hex"])
    return {"certificate": certificate} | _signed_certificate(certificate)


def _sign_certificate(given):
    certificate = documents.signed(given["unsigned"], given["issuer_seed_hex"])
    return {"signature_b64": certificate["signature_b64"]} | _signed_certificate(certificate)


def _check_window(given):
    return trust.check_window(given["certificate"], given["now_ms"], given.get("max_clock_skew_ms") or 0)


def _check_anchor(given):
    return trust.check_anchor(given["certificate"], given["anchors"], given.get("revoked_anchor_ids") or ())


def _sign_bundle(given):
    bundle = documents.signed(given["unsigned"], given["publisher_seed_hex"])
    forms = _canonical_forms(jcs.canonical(documents.without_signature(bundle)))
    return {"signature_b64": bundle["signature_b64"]} | forms


def _build_hello(given):
    hello = documents.build_hello(given["role"], given["supported_versions"], given["nonce_b64"], given["now_ms"])
    return {"hello": hello} | _canonical_forms(jcs.canonical(hello))


def _build_attest(given):
    attest = documents.build_attest(given["fields"], given["own_seed_hex"])
    forms = _canonical_forms(jcs.canonical(documents.without_signature(attest)))
    return {"attest": attest, "signature_b64": attest["signature_b64"]} | forms


def _verify_attest(given):
    return handshake.verify_attest(
        given["attest"],
        given["expected_peer_nonce_b64"],
        given["expected_own_nonce_b64"],
        given["policy"],
        given["trust_anchors"],
        given["now_ms"],
        given.get("revoked_anchor_ids") or (),
        given.get("revoked_certificate_ids") or (),
    )


def _derived(derive):
    """A derivation's answer, in the form of the vectors."""
    try:
        record = derive()
    except session.NotDerived as not_derived:
        failure = {name: value for name, value in not_derived.answer.items() if name != "ok"}
        return {"ok": False, "failure": failure}
    data = jcs.canonical(record)
    return {
        "ok": True,
        "session_id": record["session_id"],
        "established_at": record["established_at"],
        "expires_at": record["expires_at"],
        "agent_cert_id": documents.certificate_id(record["agent_cert"]),
        "is_cert_id": documents.certificate_id(record["is_cert"]),
        "session_canonical_sha256": jcs.digest(data),
        "session_canonical_json": data.decode("utf-8"),
    }


def _pair(given):
    return given["agent_attest"], given["is_attest"], given["policy"].get("max_session_ms"), given["now_ms"]


def _derive_session(given):
    answer = _derived(lambda: session.derive(*_pair(given)))
    answer.pop("session_canonical_json", None)
    return answer


def _session_record(given):
    return _derived(lambda: session.derive(*_pair(given)))


def derive_verified(given):
    return _derived(lambda: session.derive_verified(*_pair(given), given["agent_side"], given["is_side"]))


def _accept_record(given):
    policy = given["policy"]
    pair = given["agent_attest"], given["is_attest"]
    bounds = policy["max_clock_skew_ms"], policy.get("max_session_ms"), given["now_ms"]
    return {"ok": session.accepts_record(given["session"], *pair, *bounds)}


def _challenge_script(given):
    return {"answers": challenge.play(given["policy"], given["trust_anchors"], given["events"])}


def _sign_statement(given):
    data, signature = statements.sign(given["statement"], seed(given["seed_hex"]))
    return _canonical_forms(data) | {"signature_hex": signature.hex()}


def _statement(given):
    return statements.parse(base64.b64decode(given["statement_json_b64"])), any_hex(given["signature_hex"])


def _verify_statement(given):
    return statements.verify(*_statement(given), lower_hex(given["public_key_hex"], 32))


def _verify_issuance_proof(given):
    return statements.verify_issuance(*_statement(given), given["audience"], given["now_ms"])


def _verify_session_proof(given):
    key = lower_hex(given["public_key_hex"], 32)
    return statements.verify_session(*_statement(given), key, given["session_id"], given["audience"])


def _verify_rpc_proof(given):
    key = lower_hex(given["public_key_hex"], 32)
    call = given["session_id"], given["audience"], given["method"], base64.b64decode(given["body_b64"])
    return statements.verify_rpc(*_statement(given), key, *call, given["now_ms"])


def _parse_tool_call(given):
    return toolcall.parse(statements.parse(base64.b64decode(given["statement_json_b64"])))


def _decimal(given):
    if "number" in given:
        return decimals.canonical(decimals.from_number(given["number"]))
    return decimals.canonical(decimals.parse(given["text"]))


def _leaves(given):
    return [any_hex(leaf) for leaf in given["leaves_hex"]]


def _hashes(texts):
    return [base64.b64decode(text) for text in texts]


def _texts(hashes):
    return {"path": [to_base64(step) for step in hashes]}


def _verify_inclusion(given):
    leaf, root = _hashes([given["leaf_hash_b64"], given["root_b64"]])
    place = int(given["index"]), int(given["size"])
    return {"ok": merkle.verify_inclusion(*place, leaf, _hashes(given["path"]), root)}


def _verify_consistency(given):
    sizes = int(given["old_size"]), int(given["new_size"])
    roots = _hashes([given["old_root_b64"], given["new_root_b64"]])
    return {"ok": merkle.verify_consistency(*sizes, _hashes(given["path"]), *roots)}


def _sign_checkpoint(given):
    origin = receipt.prefix(given["audience"]) + given["partition"]
    key_seed = seed(given["seed_hex"])
    note = receipt.sign_checkpoint(origin, given["size"], *_hashes([given["root_b64"]]), key_seed)
    return {"checkpoint": note, "verifier_key": receipt.verifier_key(origin, ed25519.public_key(key_seed))}


def _read_policy(given):
    problems = validation.check(given["document"])
    return {"ok": False, "problems": problems} if problems else {"ok": True}


def _json(text, primitive):
    """The object that a text of JSON is; this runner reads no YAML, and does not say where JSON is none."""
    try:
        return strictjson.gate_text(text, strictjson.CANONICALISATION_OBJECT)
    except Rejected:
        raise NotServed(f"{primitive} of a text that is no JSON") from None


def _policy_text(given):
    document = _json(given["text"], "policyText")
    return _read_policy({"document": document}) | ({} if validation.check(document) else {"document": document})


def _policy_tools(given):
    document = policy.Policy(given["document"])
    return {"shown": [tool for tool in given["tools"] if document.shows(tool["upstream"], tool["name"])]}


def _judge_policy(given):
    document = given.get("document")
    if document is None:
        # What cannot be read any more denies everything, as a document that admits nothing does.
        document = _json(given["stored_text"], "judgePolicy")
        document = {} if validation.check(document) else document
    return policy.Policy(document).judge(given["call"], given["counters"])


PRIMITIVES = {
    "readPolicy": _read_policy,
    "policyText": _policy_text,
    "policyTools": _policy_tools,
    "judgePolicy": _judge_policy,
    "judgeResult": lambda given: results.judge(policy.Policy(given["document"]), given["call"], given["result"]),
    "parseToolCall": _parse_tool_call,
    "decimal": _decimal,
    "decimalCalculate": lambda given: decimals.calculate(given["operation"], given["a"], given["b"]),
    "decimalCompare": lambda given: decimals.compare(given["a"], given["b"]),
    "limitScript": lambda given: limits.play(given["policies"], given["steps"]),
    "merkleRoot": lambda given: {"root_b64": to_base64(merkle.root(_leaves(given)))},
    "merkleInclusion": lambda given: _texts(merkle.inclusion(int(given["index"]), _leaves(given))),
    "merkleConsistency": lambda given: _texts(merkle.consistency(int(given["old_size"]), _leaves(given))),
    "verifyInclusion": _verify_inclusion,
    "verifyConsistency": _verify_consistency,
    "signCheckpoint": _sign_checkpoint,
    "verifyReceipt": lambda given: receipt.verify(
        given["receipt"], given["audience"], lower_hex(given["log_pubkey_hex"], 32)
    ),
    "canonicalizeJCS": lambda given: _canonicalize(given, writing=False),
    "canonicalizeJCSForWrite": lambda given: _canonicalize(given, writing=True),
    "gate": _gate,
    "ed25519PublicKey": lambda given: {"public_key_hex": ed25519.public_key(seed(given["seed_hex"])).hex()},
    "ed25519Sign": lambda given: {"signature_hex": ed25519.sign(_message(given), seed(given["seed_hex"])).hex()},
    "ed25519Verify": _ed25519_verify,
    "buildCertificate": lambda given: _unsigned(
        documents.build_certificate(given["fields"], given["issuer_pubkey_hex"])
    ),
    "issueCertificate": _issue_certificate,
    "signCertificate": _sign_certificate,
    "certificateId": lambda given: {"certificate_id": documents.certificate_id(given["certificate"])},
    "verifyCertificateSignature": lambda given: trust.verify_certificate(given["certificate"]),
    "isCertificateTemporallyValid": _check_window,
    "checkAnchor": _check_anchor,
    "buildBundle": lambda given: _unsigned(documents.build_bundle(given["fields"], given["publisher_pubkey_hex"])),
    "signBundle": _sign_bundle,
    "verifyBundle": lambda given: trust.verify_bundle(
        given["bundle"], given["trusted_publisher_pubkeys_hex"], given["now_ms"]
    ),
    "buildHello": _build_hello,
    "chooseVersion": lambda given: {
        "version": handshake.choose_version(given["peer_supported"], given["own_accepted"])
    },
    "buildAttest": _build_attest,
    "verifyAttest": _verify_attest,
    "deriveSession": _derive_session,
    "isSessionActive": lambda given: {"active": session.is_active(given["session"], given["now_ms"])},
    "sessionRecord": _session_record,
    "acceptSessionRecord": _accept_record,
    "deriveVerifiedSession": derive_verified,
    "challengeScript": _challenge_script,
    "signStatement": _sign_statement,
    "verifyStatement": _verify_statement,
    "verifyIssuanceProof": _verify_issuance_proof,
    "verifySessionProof": _verify_session_proof,
    "verifyRpcProof": _verify_rpc_proof,
}


def answer(primitive, given):
    """A vector's answer; what cannot be canonicalised answers its error."""
    try:
        # Documents come through the gate before anything reads them; JSON text and bytes are gated by their primitive.
        jcs.canonical(given)
        return PRIMITIVES[primitive](given)
    except Rejected as rejected:
        return rejected.answer()
