"""The product's entry points with a wound: `celery -A drills.wounded:celery_app`, see `wounds`."""

import os
from pathlib import Path

from drills import wounds
from wsgi import app, celery_app

if notes := os.environ.get("DRILL_KILL_NOTES"):
    wounds.die_once_at(os.environ["DRILL_KILL_POINTS"].split("|"), Path(notes))
if note := os.environ.get("DRILL_CLOCK"):
    wounds.follow_clock(celery_app, Path(note))

__all__ = ["app", "celery_app"]
