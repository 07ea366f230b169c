"""The commands: each parses its options, calls a service, and prints the result."""
