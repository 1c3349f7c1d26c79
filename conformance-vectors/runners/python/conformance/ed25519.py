"""Ed25519 with one rule (docs/protocol.md, "Ed25519"), by the arithmetic of RFC 8032 section 5.1.

Nothing here is constant time. It checks vectors; it must never hold a key that matters.
"""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

# The five conditions of the rule, in the order in which they are tested.
LENGTH, S_RANGE, ENCODING, SMALL_ORDER, EQUATION = 1, 2, 3, 4, 5


def _add(a, b):
    """Adds two points in extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    return ((f - e) * (h - g) % P, (f + e) * (h + g) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P)


def _double(a):
    x2, y2 = a[0] * a[0] % P, a[1] * a[1] % P
    h = x2 + y2
    e = h - (a[0] + a[1]) * (a[0] + a[1]) % P
    g = x2 - y2
    f = 2 * a[2] * a[2] + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


IDENTITY = (0, 1, 1, 0)


def _multiply(scalar, point):
    result = IDENTITY
    for bit in bin(scalar)[2:]:
        result = _double(result)
        if bit == "1":
            result = _add(result, point)
    return result


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(encoded):
    """Returns the point of a canonical encoding, or None when it is not canonical or not on the curve."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x - u) % P != 0:
        x = x * SQRT_M1 % P
    if (v * x * x - u) % P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = _decode(_BASE_Y.to_bytes(32, "little"))


def _small_order(point):
    return _same(_double(_double(_double(point))), IDENTITY)


def _hash(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def _expand(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & ~7 & (2**254 - 1) | 2**254
    return scalar, digest[32:]


def public_key(seed):
    return _encode(_multiply(_expand(seed)[0], BASE))


def sign(message, seed):
    scalar, prefix = _expand(seed)
    key = _encode(_multiply(scalar, BASE))
    r = _hash(prefix, message) % L
    encoded_r = _encode(_multiply(r, BASE))
    s = (r + _hash(encoded_r, key, message) % L * scalar) % L
    return encoded_r + s.to_bytes(32, "little")


def refusal(message, signature, key):
    """Returns which condition of the rule (1 to 5) refuses the signature, or None when it is valid."""
    if len(key) != 32 or len(signature) != 64:
        return LENGTH
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return S_RANGE
    a, r = _decode(key), _decode(signature[:32])
    if a is None or r is None:
        return ENCODING
    if _small_order(a) or _small_order(r):
        return SMALL_ORDER
    k = _hash(signature[:32], key, message) % L
    # Cofactorless: S*B = R + k*A itself, not eight times both sides.
    return None if _same(_multiply(s, BASE), _add(r, _multiply(k, a))) else EQUATION


def verify(message, signature, key):
    return refusal(message, signature, key) is None


def in_prime_order_subgroup(key):
    """Whether a key is canonical and generates the subgroup of order L (asked once, when a key is admitted)."""
    point = _decode(key) if len(key) == 32 else None
    return point is not None and not _small_order(point) and _same(_multiply(L, point), IDENTITY)
