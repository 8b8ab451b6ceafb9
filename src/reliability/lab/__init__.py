"""What a policy does to real claims: policies compared, scenarios run, numbers shaken."""
