"""Streamlit pages; they talk to one Assistant and hold no logic."""
