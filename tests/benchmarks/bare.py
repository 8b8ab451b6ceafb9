"""The least that a Typer app of two commands can be: what `reliability --help` is measured against."""

import typer

app = typer.Typer()


@app.command()
def one(name: str) -> None:
    """The first."""


@app.command()
def two(name: str) -> None:
    """The second."""


if __name__ == "__main__":
    app()
