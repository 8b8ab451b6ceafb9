"""Reports as codes, made up: chains origin → outlet under the common error, four reports a claim."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.scoring.channel import Floats
from reliability.scoring.coded import score_coded
from reliability.scoring.trie import Codes

N_ORIGINS, N_OUTLETS = 2_000, 5_000
COMMON_ERROR = 0.98


@dataclass(frozen=True)
class Made:
    """Columns as `score_coded` takes them; reports, sources and ranks stand in no order."""

    claim: Codes
    path: Codes
    stance: Codes
    fidelity: Floats
    rank: Codes
    n_claims: int

    @property
    def n(self) -> int:
        return len(self.claim)

    @property
    def n_bytes(self) -> int:
        return sum(column.nbytes for column in (self.claim, self.path, self.stance, self.fidelity, self.rank))

    def score(self) -> Floats:
        return score_coded(
            self.claim, self.path, self.stance, self.fidelity, common_error=COMMON_ERROR, rank=self.rank,
            n_claims=self.n_claims,
        )  # fmt: skip


def made(n: int, seed: int = 0) -> Made:
    """n reports over n / 4 claims; a fifth deny; origins' φ from .05 to .95, outlets' from .85 to .99."""
    rng = np.random.default_rng(seed)
    path = np.stack([rng.integers(0, N_ORIGINS, n), rng.integers(N_ORIGINS, N_ORIGINS + N_OUTLETS, n)])
    return Made(
        claim=rng.integers(0, n // 4, n).astype(np.int32), path=path.astype(np.int32),
        stance=np.where(rng.random(n) < 0.2, -1, 1).astype(np.int8),
        fidelity=np.concatenate([rng.uniform(0.05, 0.95, N_ORIGINS), rng.uniform(0.85, 0.99, N_OUTLETS)]),
        rank=rng.permutation(n).astype(np.int32), n_claims=n // 4,
    )  # fmt: skip
