"""Merkle trees against the test vectors of certificate transparency, and against the definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.ledger.merkle import leaf_hash, path_of, root_by, root_of

# google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc; also transparency-dev/merkle, testonly/constants.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {  # leaf from 1, size: the audit path
    (1, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (6, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (3, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (2, 5): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip
LEAVES = [leaf_hash(bytes.fromhex(one)) for one in INPUTS]


def by_definition(data: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    split = max(2**power for power in range(len(data).bit_length()) if 2**power < len(data))
    return sha256(b"\x01" + by_definition(data[:split]) + by_definition(data[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root_of([]) == sha256(b"").digest()


@pytest.mark.parametrize("place", PATHS)
def test_paths_are_those_of_certificate_transparency(place: tuple[int, int]) -> None:
    leaf, size = place
    assert [one.hex() for one in path_of(LEAVES[:size], leaf - 1)] == PATHS[place]


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_roots_are_as_the_rfc_defines_them(data: list[bytes]) -> None:
    assert root_of(map(leaf_hash, data)) == by_definition(data)


@given(st.integers(1, 70), st.data())
def test_a_path_leads_to_the_root_and_to_no_other_from_elsewhere(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = path_of(leaves, index)
    root = root_of(leaves)
    assert root_by(path, leaves[index], index, size) == root
    assert root_by(path, leaf_hash(b"another"), index, size) != root
    assert root_by([*path, leaves[0]], leaves[index], index, size) is None
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index) if size > 1 else st.just(-1))
    assert root_by(path, leaves[index], other, size) != root
    if path:
        assert root_by(path[:-1], leaves[index], index, size) != root
        assert root_by([path[0][::-1], *path[1:]], leaves[index], index, size) != root


def test_there_is_no_path_of_no_leaf() -> None:
    with pytest.raises(IndexError):
        path_of(LEAVES, 8)
    assert root_by([], LEAVES[0], 1, 1) is None
