"""Which language a page speaks: the person's, else the visitor's choice, else the browser's."""

from flask import current_app, has_request_context, request, session
from flask_login import current_user


def select_locale() -> str:
    """Return one of the product's languages; Italian when nobody says otherwise."""
    languages = current_app.config["LANGUAGES"]
    if not has_request_context():
        return str(languages[0])
    chosen = session.get("language")
    if chosen in languages:
        return str(chosen)
    if current_user.is_authenticated:
        return str(current_user.locale)
    return request.accept_languages.best_match(languages, default="it") or "it"
