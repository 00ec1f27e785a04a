"""The verbs of the builder. Every change is saved at once; nothing here commits.

Two windows may change the same hamper: the last change wins. Each raises `version`, so the
page of the older window can be told.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from gifting.accounts.queries import Person, hash_token
from gifting.accounts.service.people import on_left
from gifting.catalogue import queries as catalogue
from gifting.catalogue.queries import ProductFacts
from gifting.hampers import queries
from gifting.hampers.documents import smallest_box
from gifting.hampers.models import Hamper, HamperExtra, HamperLine, HamperLink
from gifting.hampers.queries import Owner
from gifting.platform import sealing, transitions
from gifting.platform.db import db

MAX_PIECES = 99
MAX_HAMPERS = 100_000
MAX_LINES = 40
NAME_LENGTH = 80
CHANGES_KEPT = 64
"""How many marks of changes a hamper remembers; browsers send theirs one after the other."""
LINK_VALID_FOR = timedelta(days=30)
_LINK = "hamper-link"


class NoBoxFits(Exception):
    """No box on sale is large enough for the product."""


class HamperIsFull(Exception):
    """A hamper takes so many different products, or pieces of one, and no more."""


class NotTheOwner(Exception):
    """Only who composed a hamper shares, unshares or deletes it."""


def new_visitor_key() -> str:
    """Make the secret by which a browser owns hampers before sign-in (256 bits)."""
    return secrets.token_urlsafe(32)


def create(*, owner: Owner, box_id: int, name: str, now: datetime, quantity: int = 1) -> Hamper:
    """Start an empty hamper."""
    hamper = Hamper(
        key=secrets.token_urlsafe(12),
        name=_name(name),
        box_id=box_id,
        quantity=_hampers(quantity),
        created_at=now,
        updated_at=now,
        lines=[],
        extras=[],
        **_ownership(owner),
    )
    db.session.add(hamper)
    db.session.flush()
    return hamper


def start_from_ready(
    *, owner: Owner, sku: str, name: str, now: datetime, quantity: int = 1
) -> Hamper:
    """Start from a ready-made hamper's box and contents.

    :raises NoResultFound: if there is no such ready-made hamper
    """
    ready = catalogue.get_ready_hamper(sku)
    hamper = create(owner=owner, box_id=ready.box_id, name=name, now=now, quantity=quantity)
    contents = ((line.product_id, line.quantity) for line in ready.lines)
    hamper.lines.extend(_lines(contents))
    db.session.flush()
    return hamper


def start_with_product(
    *, owner: Owner, product: ProductFacts, quantity: int, name: str, now: datetime
) -> Hamper:
    """Start with some pieces of a product in the smallest box they go into.

    :raises NoBoxFits: if they go into none
    """
    box = smallest_box(catalogue.list_boxes(), [product.packable(quantity)])
    if box is None:
        raise NoBoxFits(product.sku)
    hamper = create(owner=owner, box_id=box.id, name=name, now=now)
    hamper.lines.extend(_lines([(product.id, quantity)]))
    db.session.flush()
    return hamper


def add_product(hamper: Hamper, *, product_id: int, now: datetime, quantity: int = 1) -> None:
    """Put pieces of a product into every hamper; whether they fit is said, never enforced.

    :raises HamperIsFull: past 99 pieces of it, or too many different products
    """
    line = _find_line(hamper, product_id)
    pieces = quantity + (line.quantity if line else 0)
    set_line_quantity(hamper, product_id=product_id, quantity=pieces, now=now)


def set_line_quantity(hamper: Hamper, *, product_id: int, quantity: int, now: datetime) -> None:
    """Set how many pieces of a product are in every hamper; 0 takes it out.

    :raises HamperIsFull: past 99 pieces of it, or too many different products
    """
    line = _find_line(hamper, product_id)
    if quantity > MAX_PIECES or (line is None and len(hamper.lines) >= MAX_LINES):
        raise HamperIsFull(hamper.key)
    if quantity < 1:
        hamper.lines[:] = [kept for kept in hamper.lines if kept is not line]
    elif line is not None:
        line.quantity = quantity
    else:
        position = 1 + max((kept.position for kept in hamper.lines), default=-1)
        hamper.lines.append(HamperLine(product_id=product_id, quantity=quantity, position=position))
    _touch(hamper, now)


def set_lines(hamper: Hamper, quantities: Mapping[int, int], *, now: datetime) -> None:
    """Set the pieces of several products at once, by product id."""
    for product_id, quantity in quantities.items():
        set_line_quantity(hamper, product_id=product_id, quantity=quantity, now=now)


def remove(hamper: Hamper, *, product_id: int, now: datetime) -> int:
    """Take a product out; returns how many pieces there were, so that it can be put back."""
    line = _find_line(hamper, product_id)
    pieces = line.quantity if line else 0
    set_line_quantity(hamper, product_id=product_id, quantity=0, now=now)
    return pieces


def empty(hamper: Hamper, *, now: datetime) -> dict[int, int]:
    """Take everything out; returns what was there, pieces by product id."""
    contents = {line.product_id: line.quantity for line in hamper.lines}
    hamper.lines.clear()
    _touch(hamper, now)
    return contents


def swap_product(hamper: Hamper, *, old_id: int, new_id: int, now: datetime) -> None:
    """Put one piece of a product in the place of another product."""
    remove(hamper, product_id=old_id, now=now)
    db.session.flush()
    add_product(hamper, product_id=new_id, now=now)


def choose_box(hamper: Hamper, *, box_id: int, now: datetime) -> None:
    """Change the box; contents stay, and the page says what no longer fits."""
    hamper.box_id = box_id
    _touch(hamper, now)


def set_extras(hamper: Hamper, *, extra_ids: Iterable[int], now: datetime) -> None:
    """Choose exactly these extras."""
    wanted = dict.fromkeys(extra_ids)
    chosen = {extra.extra_id for extra in hamper.extras}
    hamper.extras[:] = [extra for extra in hamper.extras if extra.extra_id in wanted]
    hamper.extras.extend(HamperExtra(extra_id=i) for i in wanted if i not in chosen)
    _touch(hamper, now)


def set_quantity(hamper: Hamper, *, quantity: int, now: datetime) -> None:
    """Set how many equal hampers are wanted; held between 1 and 100.000."""
    hamper.quantity = _hampers(quantity)
    _touch(hamper, now)


def rename(hamper: Hamper, *, name: str, now: datetime) -> None:
    """Give a hamper a name; an empty one leaves the old."""
    hamper.name = _name(name) or hamper.name
    _touch(hamper, now)


def duplicate(hamper: Hamper, *, owner: Owner, name: str, now: datetime) -> Hamper:
    """Copy a hamper; the copy is its maker's own and nobody else's."""
    copy = create(owner=owner, box_id=hamper.box_id, name=name, now=now, quantity=hamper.quantity)
    copy.lines.extend(_lines((line.product_id, line.quantity) for line in hamper.lines))
    copy.extras.extend(HamperExtra(extra_id=extra.extra_id) for extra in hamper.extras)
    db.session.flush()
    return copy


def delete(hamper: Hamper, *, owner: Owner, now: datetime) -> None:
    """Put a hamper out of sight; `restore` brings it back.

    :raises NotTheOwner: if a colleague shared it
    """
    _own(hamper, owner)
    hamper.deleted_at = now
    _touch(hamper, now)


def restore(hamper: Hamper, *, owner: Owner, now: datetime) -> None:
    """Bring a deleted hamper back.

    :raises NotTheOwner: if it is a colleague's
    """
    _own(hamper, owner)
    hamper.deleted_at = None
    _touch(hamper, now)


def share(hamper: Hamper, *, owner: Owner, now: datetime) -> None:
    """Let colleagues of the company change it, and whoever has its open address read it.

    A visitor has no company yet; when they have one, their colleagues may change it. An address
    that still works stays as it is, one that does not is followed by another.

    :raises NotTheOwner: if it is a colleague's
    """
    _own(hamper, owner)
    link = queries.find_link(hamper.id, now=now)
    if hamper.is_shared and link is not None and link_token(link) is not None:
        return
    hamper.is_shared = True
    _close_link(hamper)
    _open_link(hamper, now)
    _touch(hamper, now)


def unshare(hamper: Hamper, *, owner: Owner, now: datetime) -> None:
    """Keep it to oneself again; its open address leads nowhere from now on.

    :raises NotTheOwner: if it is a colleague's
    """
    _own(hamper, owner)
    hamper.is_shared = False
    _close_link(hamper)
    _touch(hamper, now)


def link_token(link: HamperLink) -> str | None:
    """Return the secret of an open address, or None if it was sealed under a lost secret."""
    try:
        return sealing.unseal(_LINK, link.sealed_token)
    except sealing.SealBroken:
        return None


def note_change(hamper: Hamper, mark: str) -> bool:
    """Remember the mark of a change; False if it was made before and is only sent again."""
    if mark in hamper.recent_changes:
        return False
    hamper.recent_changes = [*hamper.recent_changes, mark][-CHANGES_KEPT:]
    return True


def adopt(visitor_key: str, company_id: int, user_id: int, now: datetime) -> int:
    """Give a visitor's hampers to the person they turned out to be; returns how many.

    Repeating it changes nothing. The hampers keep the day they were last changed on.
    """
    hampers = queries.list_of_visitor(visitor_key)
    for hamper in hampers:
        hamper.visitor_key = None
        hamper.company_id, hamper.owner_id = company_id, user_id
        transitions.log(f"hamper:{hamper.id}", "adopt", actor_id=user_id, now=now)
    db.session.flush()
    return len(hampers)


@on_left.append
def hand_over(person: Person, heir_id: int | None, now: datetime) -> None:
    """Give the hampers of somebody who may no longer enter to who takes over, and share them."""
    if heir_id is None:
        return
    data = {"from": person.id, "to": heir_id}
    for hamper in db.session.scalars(sa.select(Hamper).where(Hamper.owner_id == person.id)):
        hamper.is_shared, hamper.owner_id = True, heir_id
        transitions.log(f"hamper:{hamper.id}", "leave", actor_id=heir_id, now=now, data=data)
    db.session.flush()


def is_owner(hamper: Hamper, owner: Owner) -> bool:
    """Whether the person or visitor composed it themselves."""
    if hamper.company_id is None:
        return hamper.visitor_key == owner.visitor_key
    return (hamper.company_id, hamper.owner_id) == (owner.company_id, owner.user_id)


def _open_link(hamper: Hamper, now: datetime) -> None:
    token = secrets.token_urlsafe(32)
    link = HamperLink(
        hamper_id=hamper.id,
        token_hash=hash_token(token),
        sealed_token=sealing.seal(_LINK, token),
        created_at=now,
        expires_at=now + LINK_VALID_FOR,
    )
    db.session.add(link)


def _close_link(hamper: Hamper) -> None:
    db.session.execute(sa.delete(HamperLink).where(HamperLink.hamper_id == hamper.id))


def _own(hamper: Hamper, owner: Owner) -> None:
    if not is_owner(hamper, owner):
        raise NotTheOwner(hamper.key)


def _ownership(owner: Owner) -> dict[str, int | str | None]:
    if owner.company_id is not None:
        return {"company_id": owner.company_id, "owner_id": owner.user_id}
    return {"visitor_key": owner.visitor_key}


def _find_line(hamper: Hamper, product_id: int) -> HamperLine | None:
    return next((line for line in hamper.lines if line.product_id == product_id), None)


def _lines(contents: Iterable[tuple[int, int]]) -> list[HamperLine]:
    return [
        HamperLine(product_id=product_id, quantity=quantity, position=position)
        for position, (product_id, quantity) in enumerate(contents)
    ]


def _hampers(quantity: int) -> int:
    return min(max(quantity, 1), MAX_HAMPERS)


def _name(name: str) -> str:
    return " ".join(name.split())[:NAME_LENGTH]


def _touch(hamper: Hamper, now: datetime) -> None:
    hamper.updated_at = now
    flag_modified(hamper, "updated_at")  # the version rises even twice in the same instant
    db.session.flush()
