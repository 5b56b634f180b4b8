# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Which images were measured, ``meta['images']``: difference, reduced, or unknown if it is not said."""

from atlasquery.exceptions import InvalidInputError
from atlasquery.inputs.images import IMAGES
from atlasquery.lightcurve.columns import COLUMNS
from atlasquery.utils.text import abbreviate

__all__ = ["describe_flux", "images_of"]

FLUX_DESCRIPTIONS = {
    "difference": "Difference flux; negative is real.",
    "reduced": "Flux in the reduced images, which has the light of the host.",
}


def images_of(meta):
    """Return which images were measured, None if that is unknown; raise an error for any other value."""
    images = meta.get("images")
    if images is not None and images not in IMAGES:
        raise InvalidInputError(
            f"`meta['images']` must be 'difference', 'reduced' or None, got {abbreviate(images)}.",
            hint='Pass images="reduced", or set it, as in lc.meta["images"] = "reduced".',
        )
    return images


def describe_flux(columns, meta):
    """Describe the flux by the images that were measured, if they are known; another description of it is kept."""
    images = images_of(meta)
    if images is not None and "flux" in columns:
        info = columns["flux"].info
        is_general = info.description in (None, "", COLUMNS["flux"].description, *FLUX_DESCRIPTIONS.values())
        info.description = FLUX_DESCRIPTIONS[images] if is_general else info.description
