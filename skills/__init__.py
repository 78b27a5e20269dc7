"""What people look up: a term by any of its names, and technical terms in any text."""
