"""The top floor: builds the application and registers everything below it."""
