"""What categories, diets, allergens and the rest are called on pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

CATEGORIES: dict[str, LazyString] = {
    "panettoni-e-dolci": _l("Panettoni e dolci"),
    "biscotti": _l("Biscotti"),
    "cioccolato": _l("Cioccolato"),
    "caffe-e-te": _l("Caffè e tè"),
    "taralli-e-salati": _l("Taralli e salati"),
    "frutta-secca": _l("Frutta secca"),
    "pasta-e-conserve": _l("Pasta e conserve"),
    "miele-e-confetture": _l("Miele e confetture"),
    "formaggi-e-salumi": _l("Formaggi e salumi"),
    "olio-e-aceto": _l("Olio e aceto"),
    "vino": _l("Vino"),
    "birra": _l("Birra"),
    "cosmetica": _l("Cosmetica"),
    "casa-e-detergenza": _l("Casa e detergenza"),
    "tessile-e-accessori": _l("Tessile e accessori"),
    "carta-e-cartoleria": _l("Carta e cartoleria"),
    "piante": _l("Piante"),
}

DIETS: dict[str, LazyString] = {
    "vegan": _l("Vegano"),
    "vegetarian": _l("Vegetariano"),
    "gluten-free": _l("Senza glutine"),
    "alcohol-free": _l("Senza alcol"),
    "organic": _l("Biologico"),
}

ALLERGENS: dict[str, LazyString] = {
    "gluten": _l("Glutine"),
    "crustaceans": _l("Crostacei"),
    "eggs": _l("Uova"),
    "fish": _l("Pesce"),
    "peanuts": _l("Arachidi"),
    "soy": _l("Soia"),
    "milk": _l("Latte"),
    "nuts": _l("Frutta a guscio"),
    "celery": _l("Sedano"),
    "mustard": _l("Senape"),
    "sesame": _l("Sesamo"),
    "sulphites": _l("Solfiti"),
    "lupin": _l("Lupini"),
    "molluscs": _l("Molluschi"),
}

DIET_ICONS = {
    "vegan": "flower2",
    "vegetarian": "flower1",
    "gluten-free": "shield-check",
    "alcohol-free": "droplet",
    "organic": "tree",
}

SORTS: dict[str, LazyString] = {
    "rilevanza": _l("Rilevanza"),
    "nome": _l("Nome"),
    "prezzo": _l("Prezzo, dal più basso"),
    "prezzo-alto": _l("Prezzo, dal più alto"),
}

GROUPS: dict[str, LazyString] = {
    "testo": _l("le parole cercate"),
    "categoria": _l("la categoria"),
    "produttore": _l("il produttore"),
    "regione": _l("la regione"),
    "dieta": _l("la dieta"),
    "senza": _l("gli allergeni"),
    "prezzo": _l("il prezzo"),
    "stagione": _l("la stagione"),
    "disponibile": _l("quantità e data"),
}


def name_of(names: dict[str, LazyString], slug: str) -> str:
    """The word for a slug; one nobody named is shown as it is written."""
    return str(names.get(slug, slug))
