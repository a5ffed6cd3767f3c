"""From finished work to evidence, a commit, a push, a pull request and a closed issue."""
