"""Load files into landing."""
