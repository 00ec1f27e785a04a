"""Pages of the office: the queue and the editor."""
