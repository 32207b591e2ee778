"""Rows of pandas: those for which something holds, whatever types their columns have."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from filterlang.backends.frames.pandas_types import arrow_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    Array = Any
    Frame = Any

# Their types are not known here.
np: Any = import_module("numpy")
pd: Any = import_module("pandas")


def kept(frame: Frame, holds: Array | Sequence[bool]) -> Frame:
    """Return the rows of a frame, whose columns have names of their own, for which something holds.

    pandas leaves it to pyarrow to select rows of what that holds, which can't for some types. Of
    such columns the parts of the rows that are kept are joined.
    """
    places = _unfiltered(frame)
    if not places:
        return frame[holds]
    from filterlang.backends.frames import arrow_frames

    mask = np.asarray(holds, "bool")
    others = [place for place in range(len(frame.columns)) if place not in places]
    found = frame.iloc[:, others][mask]
    runs = arrow_frames.runs_of(mask.tolist())
    for place in places:
        array = arrow_frames.joined(arrow_array(frame.iloc[:, place]), runs)
        column = pd.Series(pd.arrays.ArrowExtensionArray(array), index=found.index)
        found.insert(place, frame.columns[place], column)
    return found


def _unfiltered(frame: Frame) -> list[int]:
    types = [getattr(type_, "pyarrow_dtype", None) for type_ in frame.dtypes]
    if not any(type_ is not None for type_ in types):
        return []
    from filterlang.backends.frames import arrow_frames

    return [
        place
        for place, type_ in enumerate(types)
        if type_ is not None and not arrow_frames.is_filtered(type_)
    ]
