"""Entry points: `gunicorn wsgi:app`, `celery -A wsgi:celery_app`, `flask --app wsgi`."""

import config
from gifting.web.app import create_app

try:
    app = create_app()
except config.UnsafeSettings as reason:
    raise SystemExit(str(reason)) from None
celery_app = app.extensions["celery"]
