"""Django's admin as the operator's people use it: with its own step to enter, at its own address, and watched."""
