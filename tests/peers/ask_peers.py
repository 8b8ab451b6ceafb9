"""Ask INDRA and Splink, in an environment of their own, and store what they answer.

    python -m venv V && V/bin/pip install indra==1.24.0 splink==5.0.0 && V/bin/python tests/peers/ask_peers.py

They pull in a hundred packages, so that they are no part of the project's; their answers to a few small questions,
asked of their own code, are.
"""

import json
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent
MENTIONS = [{"reach": 1}, {"reach": 3}, {"reach": 2, "sparser": 1}, {"reach": 4, "sparser": 2, "trips": 1},
            {"medscan": 5}, {"biopax": 1}, {"rlimsp": 2, "biopax": 1, "eidos": 3}]  # fmt: skip
PEOPLE = [("ada", "lovelace", "london"), ("ada", "lovelace", "paris"), ("ada", "byron", "london"),
          ("alan", "turing", "london"), ("alan", "turing", "london"), ("grace", "hopper", "york"),
          ("grace", "turing", "york"), ("alan", "hopper", "paris")]  # fmt: skip
RATES = {"first": (0.9, 0.1), "last": (0.95, 0.05), "city": (0.7, 0.2)}
PRIOR = 0.02


def indra() -> dict:
    """Beliefs of statements with some mentions by each reader, and the error rates that they rest on."""
    from indra.belief import BeliefEngine, SimpleScorer
    from indra.statements import Agent, Evidence, Phosphorylation

    scorer = SimpleScorer()
    asked = []
    for mentions in MENTIONS:
        evidence = [Evidence(source_api=name, text=f"{name} {n}") for name, n_all in sorted(mentions.items())
                    for n in range(n_all)]  # fmt: skip
        statement = Phosphorylation(Agent("A"), Agent("B"), evidence=evidence)
        BeliefEngine(scorer=scorer).set_prior_probs([statement])
        asked.append({"mentions": mentions, "belief": statement.belief})
    probs = {kind: {name: scorer.prior_probs[kind][name] for name in sorted({m for one in MENTIONS for m in one})}
             for kind in ("syst", "rand")}  # fmt: skip
    return {"version": version("indra"), "probs": probs, "asked": asked}


def splink() -> dict:
    """Match weights and probabilities of all pairs of a few people, with given m and u."""
    import pandas
    import splink.comparison_library as comparisons
    from splink import DuckDBAPI, Linker, SettingsCreator

    rows = pandas.DataFrame([{"unique_id": n, "first": a, "last": b, "city": c} for n, (a, b, c) in enumerate(PEOPLE)])
    fields = []
    for name, (m, u) in RATES.items():
        fields.append(comparisons.ExactMatch(name).configure(m_probabilities=[m, 1 - m], u_probabilities=[u, 1 - u]))
    settings = SettingsCreator(link_type="dedupe_only", probability_two_random_records_match=PRIOR, comparisons=fields,
                               blocking_rules_to_generate_predictions=["1=1"],
                               retain_intermediate_calculation_columns=True)  # fmt: skip
    api = DuckDBAPI()
    linker = Linker(api.register(rows), settings)
    found = linker.inference.predict().as_pandas_dataframe().sort_values(["unique_id_l", "unique_id_r"])
    asked = [{"agrees": {name: bool(row[f"gamma_{name}"] == 1) for name in RATES}, "match_weight": row["match_weight"],
              "match_probability": row["match_probability"]} for row in found.to_dict("records")]  # fmt: skip
    return {"version": version("splink"), "rates": RATES, "prior": PRIOR, "asked": asked}


if __name__ == "__main__":
    for name, ask in (("indra", indra), ("splink", splink)):
        (FOLDER / f"{name}.json").write_text(json.dumps(ask(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
