"""Jobs of the documents slice. Run through the outbox, never called directly."""
