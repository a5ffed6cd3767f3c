"""The check once more: old tests on new code, new tests on old code, in a scratch workspace."""
