"""Files in, passages out; knows nothing of search."""
