"""`reliability audit`: the ledger."""

from __future__ import annotations

import typer

from reliability.cli import (
    audit_diff,
    audit_list,
    audit_people,
    audit_proof,
    audit_record,
    audit_replay,
    audit_show,
    audit_verify,
)

app = typer.Typer(
    help="The ledger: record ratings, list, show, verify and replay them, say why one moved, prove one.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip

COMMANDS = {
    "record": audit_record.run,
    "list": audit_list.run,
    "show": audit_show.run,
    "head": audit_verify.head,
    "verify": audit_verify.verify,
    "replay": audit_replay.run,
    "diff": audit_diff.run,
    "prove": audit_proof.prove,
    "check-proof": audit_proof.check_proof,
    "override": audit_people.override,
    "pseudonym": audit_people.pseudonym,
    "redact": audit_people.redact,
}
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)  # type: ignore[type-var]


@app.callback()
def _start(ctx: typer.Context) -> None:
    """Options that are set outside the command line hold for each of its commands."""
    if ctx.default_map:
        ctx.default_map = dict.fromkeys(COMMANDS, ctx.default_map)
