"""Arrow columns of any make in the few types that the reader of Arrow columns takes apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_LISTS = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list, pa.types.is_list_view,
          pa.types.is_large_list_view)  # fmt: skip


def plainly(column: pa.Array) -> pa.Array:
    """The same values with plain texts and lists in place of large ones, views, dictionaries and extensions.

    What is plain already is shared, not copied; types that no report has are left as they are.
    """
    kind, types = column.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return plainly(column.storage)
    if types.is_dictionary(kind):
        return plainly(column.dictionary).take(column.indices)
    if types.is_large_string(kind) or types.is_string_view(kind):
        return column.cast(pa.string())
    if types.is_list(kind) and _is_plain(kind.value_type):
        return column
    if any(is_one(kind) for is_one in _LISTS):
        return _list(column)
    if types.is_struct(kind):
        return column if _is_plain(kind) else _struct(column)
    return column


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type that `plainly` gives."""
    return plainly(pa.schema([("x", kind)]).empty_table()["x"].combine_chunks()).type


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return all(_is_plain(kind.field(at).type) for at in range(kind.num_fields))
    return bool(plain_type(kind) == kind)


def _list(column: pa.Array) -> pa.Array:
    """Lists by their lengths: Arrow's own casts between kinds of lists go wrong where some are null."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    mask = column.is_null() if column.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets), plainly(column.flatten()), mask=mask)


def _struct(column: pa.Array) -> pa.Array:
    names = [column.type.field(at).name for at in range(column.type.num_fields)]
    fields = [plainly(pc.struct_field(column, [at])) for at in range(len(names))]
    return pa.StructArray.from_arrays(fields, names=names, mask=column.is_null())
