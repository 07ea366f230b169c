"""What people and machines read: reports as lines, the terminal, JSON and JUnit."""
