"""Files to landing."""
