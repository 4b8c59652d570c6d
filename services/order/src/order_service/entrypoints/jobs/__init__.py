"""Deadlines as an entry point: the kit's runner calls in when business time has passed one."""
