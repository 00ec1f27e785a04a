"""Property tests of the core draw the same examples every time: a red build stays red."""

from hypothesis import settings

settings.register_profile("core", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("core")
