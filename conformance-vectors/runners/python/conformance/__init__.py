"""An implementation of the protocol in plain Python, and the runner that asks it every vector.

It shares no code with the Java library: where the two agree on a vector, two people read the same
specification (docs/protocol.md) alike. The standard library is all it needs.
"""
