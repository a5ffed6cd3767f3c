"""Which features of a list an earlier batch of this project has proven, with a commit that is still there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch_implement.errors import BatchStateError
from batch_implement.sources.base import sanitize_feature_name
from batch_implement.state.past_batches import past_batches
from batch_implement.system.text.shortening import some_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batch_implement.engine.project import Project
    from batch_implement.model.batch import Batch
    from batch_implement.sources.base import Feature
    from batch_implement.system.git.git import Git

_NAMED = 5
_SHORT = 7


@dataclass(frozen=True)
class DoneBefore:
    """By index: ``there`` has the commit of each feature that needs nothing more, ``unmerged`` those of them
    whose commit is only on another branch, ``lost`` those whose commit is on no branch any more.
    """

    there: dict[int, str]
    lost: tuple[int, ...] = ()
    unmerged: tuple[int, ...] = ()

    def notices(self, features: Sequence[Feature]) -> tuple[str, ...]:
        """Sentences for who started the batch; nothing where nothing was found."""
        said = []
        if self.there:
            named = [f"“{features[index].text}” ({commit[:_SHORT]})" for index, commit in self.there.items()]
            said.append(
                f"{len(named)} done before and left out: {some_of(named, _NAMED)}. "
                f"--again does {_them(named)} all the same."
            )
        if self.unmerged:
            named = [f"“{features[index].text}”" for index in self.unmerged]
            said.append(
                f"Of these, on another branch and not in what is checked out: {some_of(named, _NAMED)}. "
                "Merge that branch first where other features need it."
            )
        if self.lost:
            named = [f"“{features[index].text}”" for index in self.lost]
            said.append(
                "Done before, with a commit that is on no branch any more, so done again: "
                f"{some_of(named, _NAMED)}."
            )
        return tuple(said)


def done_before(project: Project, features: Sequence[Feature]) -> DoneBefore:
    """Looks at the batches that have ended; a feature is the same when its text and its details are."""
    commits = _commits(_ended(project))
    found = {index: commits[key] for index, key in enumerate(map(_key, features)) if key in commits}
    if not found:
        return DoneBefore({})
    every = {commit for several in found.values() for commit in several}
    unmerged = _not_in(project.git, every, "HEAD") if project.git.resolve("HEAD") else every
    lost = _not_in(project.git, unmerged, "--branches", "--remotes") if unmerged else unmerged
    there = {
        # The latest that is still there, one in HEAD before one that is elsewhere.
        index: min(left, key=lambda commit: commit in unmerged)
        for index, several in found.items()
        if (left := [commit for commit in several if commit not in lost])
    }
    return DoneBefore(
        there,
        lost=tuple(index for index in found if index not in there),
        unmerged=tuple(index for index, commit in there.items() if commit in unmerged),
    )


def _ended(project: Project) -> Iterator[Batch]:
    """The latest first; the last one may still be where the batch at work is."""
    # One that can't be read is in the way of a start, which says so; a plan can be made.
    with suppress(BatchStateError):
        if project.state.exists() and (batch := project.state.read()).is_over:
            yield batch
    yield from reversed(past_batches(project.home))


def _commits(batches: Iterable[Batch]) -> dict[tuple[str, str], list[str]]:
    commits: dict[tuple[str, str], list[str]] = {}
    for batch in batches:
        for index in batch.completed_features:
            evidence, made = batch.evidence.get(index), batch.commit_of(index)
            commit = (evidence.commit if evidence is not None else "") or (
                made.sha if made is not None else ""
            )
            if commit:
                feature = batch.features[index]
                commits.setdefault((feature.text, feature.body), []).append(commit)
    return commits


def _key(feature: Feature) -> tuple[str, str]:
    return sanitize_feature_name(feature.text), feature.body


def _not_in(git: Git, commits: set[str], *where: str) -> set[str]:
    """Those that can't be reached from there, whether they are in the repository or not."""
    asked = "".join(f"{commit}\n" for commit in sorted(commits))
    objects = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked.encode())
    known = {line.split()[0] for line in objects.text.splitlines() if line.endswith(" commit")}
    if not known:
        return commits
    stdin = "".join(f"{commit}\n" for commit in sorted(known)).encode()
    outside = git.run("rev-list", "--stdin", "--not", *where, stdin=stdin)
    return commits - (known - set(outside.text.split()))


def _them(named: Sequence[str]) -> str:
    return "it" if len(named) == 1 else "them"
