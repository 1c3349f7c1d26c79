"""The suite `trust-bundle`: signed lists of anchors, with `revoked_certificates`, and what an anchor is asked."""

from conformance.encoding import to_base64

from . import material as m
from .suite import STRICTER, Suite

PUBLISHER = "publisher"


def build():
    suite = Suite(
        "trust-bundle",
        "Verification of a trust bundle: publisher, signature and form, then times. CheckAnchor on what is malformed.",
    )
    _Bundles(suite).all()
    return suite


def bundle(*, signer=PUBLISHER, **changes):
    base = {
        "spec_version": "1.0",
        "bundle_id": "bundle-1",
        "issued_at": m.NOW - 1_000,
        "anchors": [m.anchor(), m.anchor("other", binding_constraints=["agent:*"])],
        "refresh_after": m.NOW + 1_000,
        "revoked_anchors": ["anchor-old"],
        "revoked_certificates": ["sha256:" + m.label_hash("revoked").hex()],
        "publisher_pubkey_hex": m.key_hex(PUBLISHER),
    }
    return m.sign(m.changed(base, changes), signer)


def numbered_bundle():
    """The first of bundles 0, 1, ... whose signature shows the base64 alphabet."""
    candidates = (bundle(bundle_id=f"bundle-{number}") for number in range(1_000))
    return next(candidate for candidate in candidates if m.shows_alphabet(candidate["signature_b64"]))


class _Bundles:
    def __init__(self, suite):
        self._suite = suite

    def all(self):
        self._accepted()
        self._publisher()
        self._signature()
        self._form()
        self._times()
        self._order()
        self._anchors()

    def _ask(self, note, of, expected, *tags, publishers=None, fault=None, pair=None):
        trusted = [m.key_hex("other"), m.key_hex(PUBLISHER)] if publishers is None else publishers
        given = {"bundle": of, "trusted_publisher_pubkeys_hex": trusted, "now_ms": m.NOW}
        self._suite.add("verifyBundle", note, given, expected, *tags, fault=fault, pair=pair)

    def _ok(self, note, of, pair=None):
        self._ask(note, of, {"ok": True}, pair=pair)

    def _no(self, note, of, reason, fault, *tags, **options):
        self._ask(note, of, {"ok": False, "reason": reason}, *tags, fault=fault, **options)

    def _accepted(self):
        self._ok("anchors, and what was revoked", bundle())
        self._ok("no anchors at all", bundle(anchors=[]))
        for name in ("revoked_anchors", "revoked_certificates"):
            for note, value in (("absent", m.ABSENT), ("null", None), ("empty", [])):
                self._ok(f"{name} {note}", bundle(**{name: value}))
        self._ok("unknown members, signed along", bundle(x_note={"kept": None}))
        self._ok("an anchor with null constraints", bundle(anchors=[m.anchor(binding_constraints=None)]))
        self._ok("an anchor of an unknown role, which vouches for nobody", bundle(anchors=[m.anchor(role="root")]))
        upper = m.anchor(pubkey_hex=m.key_hex("issuer").upper())
        self._ok("an anchor with an upper-case key, which matches nothing", bundle(anchors=[upper]))

    def _publisher(self):
        reason, upper = "untrusted_publisher", m.key_hex(PUBLISHER).upper()
        self._no("no publisher is trusted", bundle(), reason, "no-publisher", publishers=[])
        self._no("another publisher is trusted", bundle(), reason, "publisher", publishers=[m.key_hex("other")])
        self._no("the key is listed in upper case", bundle(), reason, "publisher-listed-upper", publishers=[upper])
        given = bundle(publisher_pubkey_hex=upper)
        self._no("the bundle's key is in upper case", given, reason, "publisher-upper")
        self._no("both are in upper case", given, reason, "publisher-both-upper", STRICTER, publishers=[upper])
        for note, value in (("missing", m.ABSENT), ("null", None), ("a number", 1)):
            given = bundle(publisher_pubkey_hex=value)
            self._no(f"publisher_pubkey_hex {note}", given, reason, f"publisher_pubkey_hex-{note}")

    def _signature(self):
        reason = "signature_invalid"
        self._no("by another trusted publisher", bundle(signer="other"), reason, "another-publisher")
        changes = {"issued_at": m.NOW, "revoked_certificates": [], "revoked_anchors": m.ABSENT, "x": 1}
        for name, value in changes.items():
            tampered = m.changed(bundle(), {name: value})
            self._no(f"{name} changed after signing", tampered, reason, f"tampered-{name}")
        honest = numbered_bundle()
        texts = {"missing": (m.ABSENT, STRICTER), "null": (None, STRICTER), "empty": ("",)}
        texts |= {note: (text, STRICTER) for note, text in m.base64_variants(honest["signature_b64"]).items()}
        for note, (text, *tags) in texts.items():
            given = m.replaced_signature(honest, text)
            self._no(f"signature {note}", given, reason, f"signature-{note}", *tags)
        weak = (b"\1" + bytes(31)).hex()
        forged = m.replaced_signature(bundle(publisher_pubkey_hex=weak), to_base64(b"\1" + bytes(63)))
        note = "a publisher's key of small order, under which one signature fits every bundle"
        self._no(note, forged, reason, "publisher-small-order", publishers=[weak])

    def _form(self):
        """Signed by the publisher, and malformed all the same."""
        not_text = {"missing": m.ABSENT, "null": None, "a number": 1}
        not_time = {"missing": m.ABSENT, "null": None, "text": str(m.NOW), "true": True}
        cases = [(name, note, value) for name in ("spec_version", "bundle_id") for note, value in not_text.items()]
        cases += [("spec_version", "another", "1.1")]
        cases += [(name, note, value) for name in ("issued_at", "refresh_after") for note, value in not_time.items()]
        lists = {"missing": m.ABSENT, "null": None, "an object": {}}
        cases += [("anchors", note, value) for note, value in lists.items()]
        cases += [("anchors", "with a text", [m.anchor(), "anchor"])]
        for name in ("revoked_anchors", "revoked_certificates"):
            cases += [(name, "text", "anchor-old"), (name, "with a number", ["anchor-old", 1])]
        for name, note, value in cases:
            self._malformed(f"{name} {note}", {name: value})
        for name in ("anchor_id", "display_name", "role", "pubkey_hex", "not_before", "not_after"):
            for note, value in (("missing", m.ABSENT), ("null", None)):
                self._malformed(f"anchor.{name} {note}", {"anchors": [m.anchor(), m.anchor("other", **{name: value})]})
        for note, value in (("text", "agent:*"), ("with a number", [1])):
            self._malformed(f"anchor.binding_constraints {note}", {"anchors": [m.anchor(binding_constraints=value)]})

    def _malformed(self, note, changes):
        self._no(note, bundle(**changes), "signature_invalid", note, STRICTER)

    def _times(self):
        self._ok("issued now", bundle(issued_at=m.NOW), pair="issued_at")
        self._no("issued in 1 ms", bundle(issued_at=m.NOW + 1), "not_yet_valid", "issued_at", pair="issued_at")
        self._ok("to be refreshed after now", bundle(refresh_after=m.NOW), pair="refresh_after")
        given = bundle(refresh_after=m.NOW - 1)
        self._no("to be refreshed 1 ms ago", given, "bundle_expired", "refresh_after", pair="refresh_after")

    def _order(self):
        def order(note, of, reason, first, second, **options):
            self._no(note, of, reason, first, "order", f"fault:{second}", **options)

        forged = bundle(signer="other")
        order("publisher before signature", forged, "untrusted_publisher", "publisher", "signer", publishers=[])
        early = bundle(signer="other", issued_at=m.NOW + 1)
        order("signature before times", early, "signature_invalid", "signer", "issued_at")
        turned = bundle(issued_at=m.NOW + 1, refresh_after=m.NOW - 1)
        order("issued_at before refresh_after", turned, "not_yet_valid", "issued_at", "refresh_after")

    def _anchors(self):
        """What CheckAnchor reads of a certificate that nobody has verified."""

        def ask(note, anchors, expected, *tags, fault=None, **changes):
            certificate = m.certificate("agent", "agent", **changes)
            given = {"certificate": certificate, "anchors": anchors}
            self._suite.add("checkAnchor", note, given, expected, *tags, fault=fault)

        found = {"anchor_id": "anchor-issuer"}
        dead = m.anchor(not_before=m.NOW + 1, not_after=m.NOW - 1)
        ask("an anchor's own validity is not asked: there is no instant", [dead], {"ok": True} | found)
        other_role = {"ok": False, "reason": "unknown_issuer"}
        ask("an anchor of another role", [m.anchor(role="agent")], other_role, STRICTER, fault="anchor-role")
        no_binding = {"ok": False, "reason": "binding_mismatch"} | found
        for note, value in (("missing", m.ABSENT), ("null", None), ("a number", 1)):
            fault = f"anchor-binding-{note}"
            ask(f"binding {note}, no constraints", [m.anchor()], no_binding, STRICTER, fault=fault, binding=value)
        for note, value in (("missing", m.ABSENT), ("in upper case", m.key_hex("issuer").upper())):
            unknown = {"ok": False, "reason": "unknown_issuer"}
            fault = f"anchor-issuer_pubkey_hex-{note}"
            ask(f"issuer_pubkey_hex {note}", [m.anchor()], unknown, fault=fault, issuer_pubkey_hex=value)
