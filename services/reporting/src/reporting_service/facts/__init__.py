"""Facts as this service keeps them: what an event said, in our own types, without anything that is not public.

What a projection needs to change a roll-up by (new - old) is derived from these, and nothing else is stored.
"""
