"""Reads the taxonomy from its file."""

from __future__ import annotations

from pathlib import Path

import yaml

from intake.taxonomy import Taxonomy, TaxonomyError

# libyaml's loader reads the file ten times faster; some builds of PyYAML come without it.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEFAULT = Path(__file__).resolve().parent.parent / "training_data" / "taxonomy.yaml"


def load_taxonomy(path: Path = DEFAULT) -> Taxonomy:
    """Raises TaxonomyError, each problem with the file's name, for a file that cannot be used."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise TaxonomyError([f"{path}: cannot be read ({error.strerror}); restore it"]) from None
    except UnicodeDecodeError:
        raise TaxonomyError([f"{path}: is not UTF-8; save it as UTF-8"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise TaxonomyError(
            [f"{path}{line}: is not YAML ({getattr(error, 'problem', error)})"]
        ) from None
    try:
        return Taxonomy.from_mapping(raw)
    except TaxonomyError as error:
        raise TaxonomyError([f"{path}: {problem}" for problem in error.problems]) from None
