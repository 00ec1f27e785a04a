"""One module for each fault: `play(stage)` breaks something and returns what was seen."""
