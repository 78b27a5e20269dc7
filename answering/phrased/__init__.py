"""A local language model's wording of an answer, each sentence of it held against the guide's own."""
