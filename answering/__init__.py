"""Hits in, a cited answer or an honest refusal out."""
