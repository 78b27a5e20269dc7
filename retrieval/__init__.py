"""Passages in, ranked hits out; knows nothing of files or answers."""
