"""The rules of buying: pure values and aggregates of the order service, one file per concept of the specification.

Nothing here reads a clock, makes an id or does input and output: time, ids and facts are handed in. Money is whole
rupiah. What must not go in: SQL, wire formats, settings, use cases.
"""
