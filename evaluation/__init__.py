"""How good and how fast: metrics, datasets, reports."""
