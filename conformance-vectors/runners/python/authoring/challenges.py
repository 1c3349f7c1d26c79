"""The suite `challenge`: scripts of hello, attest and restart, and what the service answers to each."""

from . import material as m
from .suite import Suite

OK = {"ok": True}
CONSUMED = {"ok": False, "reason": "replay_detected", "detail": "challenge_consumed"}
UNKNOWN = {"ok": False, "reason": "nonce_mismatch", "detail": "peer_nonce"}
LIFE = 60_000


def build():
    suite = Suite("challenge", "Single-use challenges: each script is played from the start, one answer to each event.")
    _Challenges(suite).all()
    return suite


def hello(at=0, service=m.SYSTEM_NONCE, agent=m.AGENT_NONCE):
    """The agent's hello; the service answers with its own nonce, and remembers both."""
    return {"at_ms": m.NOW + at, "hello": {"nonce_b64": agent, "service_nonce_b64": service}}


def answering(at=0, of=None, **changes):
    """An attest that arrives at an instant, made then unless told otherwise."""
    attest = of or m.agent_attest(**({"timestamp": m.NOW + at} | changes))
    return {"at_ms": m.NOW + at, "attest": attest}


def restart(at=0):
    return {"at_ms": m.NOW + at, "restart": True}


class _Challenges:
    def __init__(self, suite):
        self._suite = suite

    def _play(self, note, *steps, fault=None, pair=None, tags=()):
        given = {"policy": m.policy(), "trust_anchors": [m.anchor()], "events": [event for event, _ in steps]}
        expected = {"answers": [answer for _, answer in steps]}
        self._suite.add("challengeScript", note, given, expected, *tags, fault=fault, pair=pair)

    def all(self):
        self._used_once()
        self._never_issued()
        self._life()
        self._failed()
        self._order()

    def _used_once(self):
        attest = m.agent_attest()
        self._play("hello and attest", (hello(), OK), (answering(), OK))
        self._play(
            "the same attest again",
            (hello(), OK),
            (answering(of=attest), OK),
            (answering(1, of=attest), CONSUMED),
            fault="challenge-consumed",
        )
        self._play(
            "another attest on the same challenge",
            (hello(), OK),
            (answering(), OK),
            (answering(1), CONSUMED),
            (answering(2), CONSUMED),
            fault="challenge-consumed-by-another",
        )
        second = m.nonce("system-2")
        self._play(
            "two challenges of one agent, answered in the other order",
            (hello(), OK),
            (hello(1, service=second), OK),
            (answering(2, peer=second), OK),
            (answering(3), OK),
            (answering(4, peer=second), CONSUMED),
            fault="challenge-consumed-of-two",
        )

    def _never_issued(self):
        self._play("an attest without a hello", (answering(), UNKNOWN), fault="never-issued")
        self._play(
            "a nonce that was never issued leaves the open challenge alone",
            (hello(), OK),
            (answering(1, peer=m.nonce("else")), UNKNOWN),
            (answering(2), OK),
            fault="never-issued-beside-an-open-one",
        )
        self._play(
            "no nonce at all",
            (hello(), OK),
            (answering(1, peer_nonce_b64=m.ABSENT), UNKNOWN),
            (answering(2), OK),
            fault="peer_nonce-missing",
        )
        self._play("a restart forgets", (hello(), OK), (restart(1), OK), (answering(2), UNKNOWN), fault="restarted")
        self._play(
            "a restart forgets what was consumed as well",
            (hello(), OK),
            (answering(1), OK),
            (restart(2), OK),
            (answering(3), UNKNOWN),
            fault="restarted-after-use",
        )

    def _life(self):
        self._play("60 s after the hello", (hello(), OK), (answering(LIFE), OK), pair="life")
        self._play("1 ms later", (hello(), OK), (answering(LIFE + 1), UNKNOWN), fault="expired", pair="life")
        again = m.nonce("system-2")
        self._play(
            "after the end, hello again",
            (hello(), OK),
            (answering(LIFE + 1), UNKNOWN),
            (hello(LIFE + 2, service=again), OK),
            (answering(LIFE + 3, peer=again), OK),
            fault="expired-then-again",
        )

    def _failed(self):
        forged = m.sign(m.agent_attest(), "other")
        for note, bad, reason, detail in (
            ("a forged signature", answering(1, of=forged), "signature_invalid", "attest"),
            ("an unknown issuer", answering(1, of=_from("third")), "unknown_issuer", None),
            ("another own nonce than the hello's", answering(1, own=m.nonce("else")), "nonce_mismatch", "own_nonce"),
            ("a version that is not accepted", answering(1, chosen_version="0.9"), "version_unsupported", None),
            ("a stale timestamp", answering(1, timestamp=m.NOW - LIFE), "replay_detected", "timestamp_skew"),
        ):
            answer = {"ok": False, "reason": reason} | ({"detail": detail} if detail else {})
            self._play(
                f"{note} consumes the challenge too",
                (hello(), OK),
                (bad, answer),
                (answering(2), CONSUMED),
                fault="consumed-by-" + note.replace(" ", "-"),
            )

    def _order(self):
        def after_use(note, event, answer, fault):
            tags = ("order", f"fault:{fault}")
            self._play(note, (hello(), OK), (answering(), OK), (event, answer), fault="challenge-consumed", tags=tags)

        unsupported = {"ok": False, "reason": "version_unsupported"}
        after_use("the version is asked before", answering(1, chosen_version="0.9"), unsupported, "version")
        after_use("consumed before own_nonce", answering(1, own=m.nonce("else")), CONSUMED, "own-nonce")
        after_use("consumed before the timestamp", answering(1, timestamp=m.NOW - LIFE), CONSUMED, "timestamp")
        forged = m.sign(m.agent_attest(), "other")
        after_use("consumed before any signature", answering(1, of=forged), CONSUMED, "attest")


def _from(issuer):
    certificate = m.certificate("agent", "agent", issuer)
    return m.attest(certificate, m.AGENT_NONCE, m.SYSTEM_NONCE, "agent")
