"""How the shipped evidence model is made: from the question bank and the general guides, by one command."""
