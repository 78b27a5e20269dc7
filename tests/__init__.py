"""Tests, flat: test_<module>.py proves what <module> promises."""
