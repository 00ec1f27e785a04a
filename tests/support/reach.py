"""What a function may come to call, read off the sources: names are followed, nothing is run."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

OURS = "gifting."


def reaches(function: Callable[..., Any], target: Callable[..., Any]) -> bool:
    """Tell whether what the function names, and what that names in turn, comes to the target.

    More than is called is found: a function that is handed on, a branch that is not taken. What
    is put into a list of hooks is not.
    """
    seen: set[FunctionType] = set()
    ahead = [inspect.unwrap(function)]
    while ahead:
        one = ahead.pop()
        if one is target:
            return True
        if one not in seen:
            seen.add(one)
            ahead += _named_by(one)
    return False


@cache
def _named_by(function: FunctionType) -> list[FunctionType]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    known = function.__globals__
    found = (_resolve(node, known) for node in ast.walk(tree))
    return [inspect.unwrap(one) for one in found if _is_ours(one)]


def _resolve(node: ast.AST, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolve(node.value, known)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    return None


def _is_ours(one: Any) -> bool:
    return isinstance(one, FunctionType) and (one.__module__ or "").startswith(OURS)
