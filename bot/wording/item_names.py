"""What people call an item, a retired one too.

The law of this file: a stored code may name an item that is offered no more; wherever a name is shown it is
asked here, so that nothing fails on an old code and everybody sees that it is one.
"""

from __future__ import annotations

from typing import Final

from intake.taxonomy import Taxonomy

RETIRED: Final = "{name}（已停用）"


def item_name(taxonomy: Taxonomy, code: str | None, otherwise: str = "") -> str:
    """The name, marked where the item is retired; `otherwise` where there is no code. One that is gone from
    the taxonomy altogether has its code for a name."""
    if not code:
        return otherwise
    name = taxonomy.item_name(code) or code
    return RETIRED.format(name=name) if taxonomy.is_retired(code) else name
