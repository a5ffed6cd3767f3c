"""A project with a batch in it, driven by the engine's entry points or by the subcommands Claude calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from batch_implement.cli.command import Call, parse
from batch_implement.cli.main import subcommand
from batch_implement.engine.advance import next_feature
from batch_implement.engine.batch_plan import BatchPlan, plan_batch
from batch_implement.engine.claim import Claim
from batch_implement.engine.control import cancel_batch, pause_batch
from batch_implement.engine.done import finish_feature
from batch_implement.engine.fail import fail_feature
from batch_implement.engine.project import Project
from batch_implement.engine.resume import resume_batch
from batch_implement.engine.start import start_batch
from batch_implement.model.batch_id import new_batch_id
from batch_implement.model.outcomes import Assigned, Ended, Refused
from batch_implement.oversight.session import Session
from batch_implement.scheduling.ready import current_feature
from batch_implement.sources.features_file import read_features_files
from batch_implement.state.past_batches import past_batches
from batch_implement.system.clock import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from batch_implement.engine.happenings import Happening
    from batch_implement.model.batch import Batch as State
    from batch_implement.model.outcomes import News, Outcome
    from batch_implement.model.refusals import Refusal
    from batch_implement.presentation.answer import Answer
    from batch_implement.sources.base import FeatureSource
    from tests.git_repositories import Repository

OWNER = Session("owner", "", attended=False)
STRANGER = Session("stranger", "", attended=False)

# Counts the files in tests/; fails while there is a file "broken", waits while there is one "slow",
# and passes without a word while there is one "quiet": in the tree, or in git's folder.
CHECK = """#!/bin/sh
there() { [ -e "$1" ] || [ -e "$(git rev-parse --git-dir)/$1" ]; }
echo run >> "$(git rev-parse --git-dir)/check-runs"
while there slow; do sleep 0.02; done
there quiet && exit 0
count=$(ls tests | wc -l)
if there broken; then
    seq 1 5000
    echo "AssertionError: the sum is 5"
    echo "1 failed, $count passed in 0.01s"
    exit 3
fi
echo "$count passed in 0.01s"
"""
FEATURES = ("Greet the user", "Count the visits", "Print a farewell")


def assigned(outcome: Outcome) -> int:
    """The number of the feature to work on."""
    assert isinstance(outcome, Assigned), outcome
    index = current_feature(outcome.batch)
    assert index is not None
    return index + 1


def ended(outcome: Outcome) -> State:
    """The batch that has ended with this step."""
    assert isinstance(outcome, Ended), outcome
    assert outcome.is_news
    return outcome.batch


def news(outcome: Outcome) -> tuple[News, ...]:
    """What has just happened, said beside the next assignment."""
    assert isinstance(outcome, Assigned), outcome
    return outcome.news


def refusal(outcome: Outcome) -> Refusal:
    assert isinstance(outcome, Refused), outcome
    return outcome.refusal


@dataclass(frozen=True)
class Batch:
    """A repository with ``check.sh`` as its check and, after :meth:`begin`, a batch at work.

    ``told`` is what the engine said to who watches. Its steps are called as by ``session``, or by another.
    """

    repository: Repository
    session: Session = OWNER
    told: list[Happening] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.repository.root

    @property
    def project(self) -> Project:
        """A new one each time, as for a process of its own."""
        return self._project(None)

    def call(
        self, name: str, *arguments: str, session: Session | None = None, wait: float = 60.0, mode: str = ""
    ) -> Answer:
        """One call of a subcommand, as a process of its own would make it."""
        module = subcommand(name)
        caller = self.session if session is None else session
        options = parse(name, module, arguments)
        return module.run(Call(options, self.root, caller, permission_mode=mode, wait=wait))

    def list_features(self, *features: str) -> None:
        """Write the features file."""
        self.repository.write("features.txt", "\n".join(features or FEATURES) + "\n")

    def plan(self, *features: str, mode: str = "", keep_dirty: bool = False) -> BatchPlan:
        """What a batch of these features would do."""
        self.list_features(*features)
        return self.plan_of("features.txt", mode=mode, keep_dirty=keep_dirty)

    def plan_of(self, source: str | FeatureSource, *, mode: str = "", keep_dirty: bool = False) -> BatchPlan:
        """``source`` may be the name of a features file."""
        if isinstance(source, str):
            source = read_features_files(self.root, [source], folder=self.root)
        batch_id = new_batch_id(utc_now())
        return plan_batch(
            self.project, source, batch_id=batch_id, permission_mode=mode, keep_dirty=keep_dirty
        )

    def begin(
        self,
        *features: str,
        session: Session | None = None,
        wait: float = 60.0,
        mode: str = "",
        keep_dirty: bool = False,
    ) -> Outcome:
        plan = self.plan(*features, mode=mode, keep_dirty=keep_dirty)
        return start_batch(self._project(session), plan, wait=wait)

    def work(self, number: int) -> None:
        """Implement a feature, with a test."""
        self.repository.write(f"feature{number}.py", f"print({number})\n")
        self.repository.write(f"tests/feature{number}.t", "")

    def done(
        self, number: int, *, session: Session | None = None, wait: float = 60.0, **claim: Any
    ) -> Outcome:
        """``claim`` is what is said with it: see :class:`Claim`."""
        return finish_feature(self._project(session), number, Claim(**claim), wait=wait)

    def fail(
        self, number: int, error: str = "too hard", *, session: Session | None = None, wait: float = 60.0
    ) -> Outcome:
        return fail_feature(self._project(session), number, error=error, wait=wait)

    def next(self, *, session: Session | None = None, wait: float = 60.0) -> Outcome:
        return next_feature(self._project(session), wait=wait)

    def resume(
        self, batch_id: str = "", *, session: Session | None = None, wait: float = 60.0, **options: bool
    ) -> Outcome:
        """``options``: ``again``, ``held``, ``take_over``."""
        return resume_batch(self._project(session), batch_id, wait=wait, **options)

    def pause(self, *, session: Session | None = None) -> Outcome:
        return pause_batch(self._project(session))

    def cancel(self, *, session: Session | None = None, sure: bool = True) -> Outcome:
        return cancel_batch(self._project(session), sure=sure)

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

    def _project(self, session: Session | None) -> Project:
        caller = self.session if session is None else session
        return Project(self.root, self.root, caller, observe=lambda _, happening: self.told.append(happening))
