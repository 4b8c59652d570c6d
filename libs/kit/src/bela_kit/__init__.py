"""The plumbing that the services share; it has no word of their domains."""

import os

# The C core of grpc reads these when it is loaded, which is before any function of ours could run. Lines of its own
# would stand between the JSON on stderr; its fork handlers have nothing to do for children that exec at once.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
