"""Jobs of the billing slice. Run through the outbox, never called directly."""
