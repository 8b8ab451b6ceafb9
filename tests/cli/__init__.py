"""The command line from end to end: the installed command, run in this process or in one of its own."""
