"""A run: load, build, the decision of the gate, and the history of runs."""
