"""One run: what it does, what the gate decides, and what is on record of it."""
