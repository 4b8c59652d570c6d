"""Everything that runs Bela on one machine: real parts, no container engine, no root, no fixed ports."""
