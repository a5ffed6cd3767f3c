"""A project with a batch in it, driven by the subcommands as Claude calls them, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batch_implement.cli.command import Call, parse
from batch_implement.cli.main import subcommand
from batch_implement.engine.project import Project
from batch_implement.oversight.ownership import Session
from batch_implement.state.past_batches import past_batches

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.model.batch import Batch as State
    from batch_implement.presentation.answer import Answer
    from tests.git_repositories import Repository

OWNER = Session("owner", "", attended=False)
STRANGER = Session("stranger", "", attended=False)

# Counts the files in tests/; fails while there is a file "broken", waits while there is one "slow",
# and passes without a word while there is one "quiet".
CHECK = """#!/bin/sh
echo run >> "$(git rev-parse --git-dir)/check-runs"
while [ -e slow ]; do sleep 0.02; done
[ -e quiet ] && exit 0
count=$(ls tests | wc -l)
if [ -e broken ]; then
    seq 1 5000
    echo "AssertionError: the sum is 5"
    echo "1 failed, $count passed in 0.01s"
    exit 3
fi
echo "$count passed in 0.01s"
"""
FEATURES = ("Greet the user", "Count the visits", "Print a farewell")


@dataclass(frozen=True)
class Batch:
    """A repository with ``check.sh`` as its check and, after :meth:`begin`, a batch at work."""

    repository: Repository
    session: Session = OWNER

    @property
    def root(self) -> Path:
        return self.repository.root

    @property
    def project(self) -> Project:
        return Project(self.root, self.root, self.session)

    def call(
        self, name: str, *arguments: str, session: Session | None = None, wait: float = 60.0, mode: str = ""
    ) -> Answer:
        """One call of a subcommand, as a process of its own would make it."""
        module = subcommand(name)
        caller = self.session if session is None else session
        options = parse(name, module, arguments)
        return module.run(Call(options, self.root, caller, permission_mode=mode, wait=wait))

    def list_features(self, *features: str) -> None:
        """Write the features file, and have git ignore it."""
        self.repository.write("features.txt", "\n".join(features or FEATURES) + "\n")

    def begin(self, *features: str, **options: Any) -> Answer:
        self.list_features(*features)
        return self.call("start", "features.txt", **options)

    def work(self, number: int) -> None:
        """Implement a feature, with a test."""
        self.repository.write(f"feature{number}.py", f"print({number})\n")
        self.repository.write(f"tests/feature{number}.t", "")

    def done(self, number: int, *arguments: str, **options: Any) -> Answer:
        return self.call("done", str(number), *arguments, **options)

    @property
    def fields(self) -> dict[str, Any]:
        """As the file has them."""
        return dict(self.project.state.document())

    @property
    def state(self) -> State:
        return self.project.state.read()

    @property
    def events(self) -> list[str]:
        """The journal's events of the batch at work."""
        return [record["event"] for record in self.project.state.history()]

    @property
    def state_bytes(self) -> bytes:
        return (self.root / ".claude/batch_state.json").read_bytes()

    @property
    def check_runs(self) -> int:
        record = self.root / ".git/check-runs"
        return len(record.read_text().splitlines()) if record.exists() else 0

    def past(self) -> list[State]:
        """The ended batches."""
        return past_batches(self.root)
