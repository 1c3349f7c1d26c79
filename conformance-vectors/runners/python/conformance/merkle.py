"""The tree of the log as RFC 6962 section 2.1 writes it down, by recursion over all leaves; proofs as RFC 9162 checks them."""

import hashlib


def leaf_hash(leaf):
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size):
    """The largest power of two smaller than the size."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = _split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(old_size, leaves):
    return [] if old_size in (0, len(leaves)) else _subproof(old_size, leaves, True)


def _subproof(size, leaves, whole):
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    k = _split(len(leaves))
    if size <= k:
        return _subproof(size, leaves[:k], whole) + [root(leaves[k:])]
    return _subproof(size - k, leaves[k:], False) + [root(leaves[:k])]


def path_length(index, size):
    if size == 1:
        return 0
    k = _split(size)
    return 1 + (path_length(index, k) if index < k else path_length(index - k, size - k))


def verify_inclusion(index, size, leaf, path, tree_root):
    if not 0 <= index < size:
        return False
    at, last, got = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            got = node_hash(step, got)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            got = node_hash(got, step)
        at, last = at >> 1, last >> 1
    return last == 0 and got == tree_root


def verify_consistency(old_size, new_size, path, old_root, new_root):
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    if old_size == 0:
        return not path and old_root == root([])
    if old_size & (old_size - 1) == 0:
        path = [old_root, *path]
    if not path:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
