"""Jobs of the catalogue slice. Run through the outbox, never called directly."""
