"""Gunicorn's own lines go where all others go."""

from typing import Any

from gunicorn.glogging import Logger as GunicornLogger

import config
from gifting.platform import logs


class Logger(GunicornLogger):
    """Hands everything to the root logger, before the application is there to do it."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logs.configure(config.load())
        self.error_log.handlers.clear()
        self.error_log.propagate = True
