"""Jobs of the quotes slice. Run through the outbox, never called directly."""
