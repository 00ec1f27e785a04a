"""Jobs of the hampers slice. Run through the outbox, never called directly."""
