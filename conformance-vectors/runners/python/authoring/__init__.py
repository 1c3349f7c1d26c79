"""Writes our own suites. Every key and nonce comes from a label by SHA-256, so the files come out alike everywhere.

What a vector expects is stated by whoever wrote the vector; only bytes and hashes are computed.
"""
