"""A bundle proves its rating and nothing else; signatures are those of RFC 8032."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import KEPT, copied, some

from reliability.errors import InputError, LedgerError, UsageError
from reliability.ledger.heads import SignedHead, head_from, head_of
from reliability.ledger.proof import Proof, check, proof_from, prove
from reliability.ledger.signing import is_signed, private_key, public_key, sign
from reliability.ledger.store import Ledger

cryptography = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")

# RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
VECTORS = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_signatures_are_those_of_rfc_8032(secret: str, public: str, message: str, signature: str) -> None:
    key = cryptography.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert sign(bytes.fromhex(message), key) == (signature, public)
    assert is_signed(bytes.fromhex(message), signature, public)
    assert not is_signed(bytes.fromhex(message) + b"\0", signature, public)
    assert not is_signed(b"", "00" * 64, public)
    assert not is_signed(b"", signature, "ff" * 32)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A private and a public key as PEM files."""
    folder = tmp_path_factory.mktemp("keys")
    key = cryptography.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS[0][0]))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                               serialization.NoEncryption())  # fmt: skip
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "key.pem").write_bytes(secret)
    (folder / "pub.pem").write_bytes(public)
    return folder / "key.pem", folder / "pub.pem"


@pytest.fixture(scope="module")
def bundle(keys: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Proof:
    ledger = copied(KEPT, tmp_path_factory.mktemp("kept") / "ledger")
    return prove(ledger.entry("2"), "town-relayed", ledger, private_key(keys[0]))


def test_a_bundle_proves_its_rating_by_itself(bundle: Proof, keys: tuple[Path, Path]) -> None:
    again = proof_from(json.dumps(bundle.model_dump(mode="json")).encode(), "bundle")
    assert list(check(again, public_key=public_key(str(keys[1])), root=bundle.head.root)) == []
    assert public_key(VECTORS[0][1].upper()) == public_key(str(keys[1])) == VECTORS[0][1]
    rating = json.loads(bundle.rating)
    assert (rating["claim"]["id"], rating["rating"]["p"]) == ("town-relayed", 0.7189)
    assert "state-media" not in bundle.entry, "files' names are not shown to outsiders"


@given(st.data())
def test_no_part_of_a_bundle_can_be_another(bundle: Proof, data: st.DataObject) -> None:
    """One character of any text, hash or number in it is changed, and it proves nothing, or is no proof."""
    record = bundle.model_dump(mode="json")
    place = data.draw(st.sampled_from(["rating", "entry", "rating_path", "entry_path", "rating_index", "head"]))
    holder, key = record, place
    if place.endswith("_path"):
        holder, key = record[place], data.draw(st.integers(0, len(record[place]) - 1))
    elif place == "head":
        holder, key = record["head"], data.draw(st.sampled_from(sorted(record["head"])))
    value = holder[key]
    if isinstance(value, int):
        holder[key] = data.draw(st.integers(0, 9).filter(lambda n: n != value))
    else:
        at = data.draw(st.integers(0, len(value) - 1))
        other = data.draw(st.sampled_from("0123456789abcdef").filter(lambda c: c != value[at]))
        holder[key] = value[:at] + other + value[at + 1 :]
    try:
        changed = proof_from(json.dumps(record).encode(), "bundle")
    except InputError:
        return
    assert list(check(changed)) != []


def test_whose_signature_it_is_matters_where_it_is_asked(bundle: Proof) -> None:
    other = VECTORS[1][1]
    assert list(check(bundle, public_key=other)) == ["is not signed by the key that was given"]
    bare = bundle.model_copy(update={"head": bundle.head.model_copy(update={"signature": None, "public_key": None})})
    assert list(check(bare)) == []
    assert list(check(bare, public_key=other)) == ["is not signed"]
    (wrong,) = check(bare, root="0" * 64)
    assert "not the one that was noted down" in wrong
    claimed = bundle.head.model_copy(update={"signature": None, "public_key": other})
    assert list(check(bundle.model_copy(update={"head": claimed}), public_key=other)) != [], "a name is no signature"


def test_every_rating_of_every_entry_can_be_proved(tmp_path: Path) -> None:
    ledger = copied(KEPT, tmp_path / "kept")
    for name, claim in (("1", "bridge-by-ten"), ("2", "town-three-voices"), ("3", "last")):
        placed = ledger.entry(name)
        claims = [one[0] for one in _details(ledger, name).claims]
        for one in [claim] if claim in claims else claims:
            assert list(check(prove(placed, one, ledger))) == []


def _details(ledger: Ledger, name: str):  # type: ignore[no-untyped-def]
    from reliability.ledger.details import details_of

    return details_of(ledger.entry(name), ledger.blobs)


def test_a_claim_that_is_not_there_is_told_with_near_ones(tmp_path: Path) -> None:
    ledger = copied(KEPT, tmp_path / "kept")
    with pytest.raises(UsageError, match="town-relayed"):
        prove(ledger.entry("2"), "town-relay", ledger)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"rating": 1}', b"\xff", b"[" * 10_000])
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="is no proof"):
        proof_from(data, "bundle")


def test_a_head_is_read_back_as_hash_or_signed(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    ledger = some(tmp_path / "ledger", 2)
    head = head_of(ledger, private_key(keys[0]))
    assert head.signed_by == VECTORS[0][1]
    (tmp_path / "head.json").write_text(head.model_dump_json(), encoding="utf-8")
    (tmp_path / "head.txt").write_text(head.head + "\n", encoding="utf-8")
    assert head_from(tmp_path / "head.json") == head
    assert head_from(tmp_path / "head.txt").head == head.head
    forged = SignedHead(**{**head.model_dump(), "entries": 3})
    assert forged.signed_by is None
    assert forged.unproven(None) is not None
    (tmp_path / "none.json").write_text("{}", encoding="utf-8")
    for name in ("none.json", "absent"):
        with pytest.raises(InputError):
            head_from(tmp_path / name)


def test_keys_of_other_kinds_are_refused_with_the_remedy(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "ec.pem").write_bytes(other)
    (tmp_path / "text.pem").write_text("no key", encoding="utf-8")
    for name in ("ec.pem", "text.pem", "absent.pem"):
        with pytest.raises(InputError, match="openssl genpkey"):
            private_key(tmp_path / name)
        with pytest.raises(InputError):
            public_key(str(tmp_path / name))


def test_checking_needs_neither_ledger_nor_scorer(bundle: Proof, tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text(bundle.model_dump_json(), encoding="utf-8")
    code = ("import sys; from reliability.cli import main\nsys.argv = ['reliability', 'audit', 'check-proof', "
            f"{str(tmp_path / 'bundle.json')!r}]\ntry:\n    main()\nexcept SystemExit: pass\n"
            "print(sorted({'numpy', 'scipy', 'spacy'} & set(sys.modules)))")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[0])["ok"] is True


def test_a_ledger_whose_end_was_cut_off_has_no_head_to_note_down(tmp_path: Path) -> None:
    ledger = some(tmp_path / "ledger", 3)
    assert head_of(ledger).entries == 3
    whole = ledger.chain.path.read_bytes()
    ledger.chain.path.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    with pytest.raises(LedgerError, match="cut off"):
        head_of(ledger)
