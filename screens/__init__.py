"""Photographs of every page in its states, to be looked at beside the pictures of the design."""
