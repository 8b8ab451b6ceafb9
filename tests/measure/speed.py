"""Words a second of reading, as ratios in one run: beside `nlp.pipe` alone, with two processes, and memory.

    python tests/measure/speed.py [--articles N] [--rounds N]

Articles are generated from a few sentences: the same for every run. Rounds alternate, and the best of each counts, in
CPU time, since both are one process; several processes are measured by the clock on the wall.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from reliability.api import reports_of_each
from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.pipeline import load, paragraphs

WHO = ("The transport ministry", "Ann Lee, a spokeswoman for the police,", "A senior official", "President Marek Dole",
       "The Velmark News Agency", "Two residents of the old town", "Interior Minister Jon Ask")  # fmt: skip
WHAT = ("the bridge over the Velm had been closed after {n} lorries collided in the fog", "nobody had been hurt",
        "around {n} soldiers were sent to the northern border in January",
        "the company had paid {n} million crowns to its former head", "the talks would go on next week")  # fmt: skip
FORMS = ("{who} said that {what}.", "“{What},” {who} told reporters on Monday.", "{who} denied that {what}.",
         "According to {who_}, {what}.", "{What}. The road along the river was quiet in the afternoon, and shops "
         "stayed open until late.",
         "{who} has not said whether {what}, but the council expects an answer soon.")  # fmt: skip


def made_articles(n: int, paragraphs_each: int = 12, seed: int = 7) -> list[Article]:
    """Invented articles of about 300 words, the same for the same numbers."""
    draw = random.Random(seed)
    out = []
    for number in range(n):
        lines = []
        for _ in range(paragraphs_each):
            part = []
            for _ in range(2):
                who, what = draw.choice(WHO), draw.choice(WHAT).format(n=draw.randint(2, 900))
                words = {"who": who, "who_": who[0].lower() + who[1:], "what": what, "What": what[0].upper() + what[1:]}
                part.append(draw.choice(FORMS).format(**words))
            lines.append(" ".join(part))
        out.append(Article(id=f"a{number}", text="\n\n".join(lines), publisher="The Quay", publisher_type="media"))
    return out


def seconds(call: Callable[[], Iterable[Any]], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of this process's CPU, or of another clock, until all of it was taken."""
    began = clock()
    for _ in call():
        pass
    return clock() - began


def resident_mb() -> int:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1_000_000


def growth(n: int, policy: Policy) -> dict[str, int]:
    """Memory held after a tenth of n articles of one paragraph, and after all of them; none is kept."""
    after = {}
    for number, _ in enumerate(
        reports_of_each((one for k in range(n // 10 + 1) for one in made_articles(10, 1, k)), policy)
    ):
        if number in (n // 10, n - 1):
            after[f"mb_after_{number + 1}"] = resident_mb()
    return after


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser(description="words a second of reading")
    options.add_argument("--articles", type=int, default=200)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--short", type=int, default=0, help="instead: memory over so many short articles")
    chosen = options.parse_args(arguments)
    articles, policy, nlp = made_articles(chosen.articles), Policy.load(), load()
    if chosen.short:
        print(json.dumps(growth(chosen.short, policy)))
        return
    texts = [a.text[start:end] for a in articles for start, end in paragraphs(a.text)]
    rounds = [(seconds(lambda: nlp.pipe(texts)), seconds(lambda: reports_of_each(articles, policy)))
              for _ in range(chosen.rounds + 1)][1:]  # fmt: skip
    pipe, one = (min(column) for column in zip(*rounds, strict=True))
    wall_one = seconds(lambda: reports_of_each(articles, policy), time.perf_counter)
    wall_many = seconds(lambda: reports_of_each(articles, policy, jobs=chosen.jobs), time.perf_counter)
    words = sum(len(article.text.split()) for article in articles)
    print(json.dumps({
        "articles": len(articles), "words": words,
        "pipe_words_a_cpu_second": round(words / pipe), "reading_words_a_cpu_second": round(words / one),
        "reading_beside_pipe": round(pipe / one, 3),
        f"{chosen.jobs}_processes_beside_one_with_their_start": round(wall_one / wall_many, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
