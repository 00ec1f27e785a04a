"""Orders: what was accepted, and how far it is."""
