"""The jobs that only the benchmarks owe."""

NOTHING, PAPER = "benchmarks.nothing", "benchmarks.paper"
