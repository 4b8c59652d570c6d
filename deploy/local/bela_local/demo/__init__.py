"""The main job of Bela, played against a running system through its public API alone, step by step, with the figures.

Each story of domain.md 11 is a module. Nothing here knows a database or a service's inside: what the demo can do, a
client app can do. It may be played again: sellers and their history are found and kept, buying units are new each time.
"""
