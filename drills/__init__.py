"""Fault drills: the real product broken on purpose, and proof that nothing is lost or twice."""
