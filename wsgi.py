"""Entry points: `gunicorn wsgi:app`, `celery -A wsgi:celery_app`, `flask --app wsgi`."""

from gifting.web.app import create_app

app = create_app()
celery_app = app.extensions["celery"]
