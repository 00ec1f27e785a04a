"""Hampers: the builder, what fits in a box, what the whole box may be called."""
