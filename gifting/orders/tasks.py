"""Jobs of the orders slice. Run through the outbox, never called directly."""
