"""Single-use challenges: what the service adds to check 2a (docs/protocol.md, "What the service adds")."""

from .handshake import verify_attest
from .trust import OK, refused

LIFE_MS = 60_000


class Challenges:
    """The challenges that one node remembers; a restart forgets them all."""

    def __init__(self, policy, anchors):
        self._policy, self._anchors = policy, anchors
        self._restart()

    def _restart(self):
        self._open = {}
        self._consumed = {}

    def answer(self, event):
        now = event["at_ms"]
        self._expire(now)
        if event.get("restart"):
            self._restart()
            return OK
        if "hello" in event:
            hello = event["hello"]
            self._open[hello["service_nonce_b64"]] = (hello["nonce_b64"], now)
            return OK
        return self._attest(event["attest"], now)

    def _expire(self, now):
        for remembered in (self._open, self._consumed):
            for nonce in [nonce for nonce, (_, made) in remembered.items() if now - made > LIFE_MS]:
                del remembered[nonce]

    def _attest(self, attest, now):
        """Takes the challenge before anything is verified, so that a failed attest consumes it too."""
        named = attest.get("peer_nonce_b64")
        named = named if isinstance(named, str) else None
        taken = self._open.pop(named, None)
        if taken:
            self._consumed[named] = taken
            return self._verify(attest, named, taken[0], now)
        # At 2a: the version is asked before, whatever became of the challenge.
        answer = self._verify(attest, None, None, now)
        if answer["reason"] == "nonce_mismatch" and named in self._consumed:
            return refused("replay_detected", "challenge_consumed")
        return answer

    def _verify(self, attest, peer_nonce, own_nonce, now):
        return verify_attest(attest, peer_nonce, own_nonce, self._policy, self._anchors, now)


def play(policy, anchors, events):
    challenges = Challenges(policy, anchors)
    return [challenges.answer(event) for event in events]
