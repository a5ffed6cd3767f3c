"""One try at one feature: who works on it where, what it began from, and what was seen of it."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch_implement.model.evidence import ChangedExpectation, Evidence
    from batch_implement.model.kinds import Count, Index, Line, Sentence, Time, WorkerKind
    from batch_implement.model.review import Review


DECLARED_IN = {
    "ChangedExpectation": "batch_implement.model.evidence",
    "Evidence": "batch_implement.model.evidence",
    "Review": "batch_implement.model.review",
}


@record(frozen=True, kw_only=True)
class Worker:
    """Who implements, or reviews what was implemented: an agent of the session."""

    id: Line
    kind: WorkerKind = "agent"
    client: Line = ""
    """The process it lives in, as ``system/process/identity`` writes it; ``""`` when it was cut off."""


@record(frozen=True, kw_only=True)
class Workspace:
    """The checkout in which a feature is worked."""

    path: str = ""
    """Of its top; ``""`` for the main tree, the one the batch was started in."""


MAIN_TREE = Workspace()


@record(frozen=True, kw_only=True)
class Baseline:
    """The workspace when work began. Names are written as ``workspace/baseline`` makes them valid text."""

    commit: Line
    """``""`` before the first commit."""
    branch: Line
    """``""`` on a detached HEAD."""
    users: Mapping[str, str] = {}
    """Each path that was changed or untracked then, with its content's id: not the feature's."""
    settings: Mapping[str, str] = {}
    """The repository's settings that name programs, hooks and remotes, as digests."""
    ignored: Mapping[str, str] | None = None
    """What git ignored then and is no cache, with its content's id; null where an early version began."""


@record(frozen=True, kw_only=True)
class Ground:
    """What the last attempt leaves for the next one to be compared with: whatever came into the workspace
    since then was looked at by nobody."""

    commit: Line = ""
    """The last proven one; ``""`` where the branch was moved since by us."""
    branch: Line = ""
    users: tuple[str, ...] = ()
    settings: Mapping[str, str] | None = None
    """Null where what there is now was accepted, as is the next."""
    ignored: Mapping[str, str] | None = None


@record(frozen=True, kw_only=True)
class Proof:
    """What was collected before the commit was made, and the tree it speaks of."""

    evidence: Evidence
    tree: Line


@record(frozen=True, kw_only=True)
class Attempt:
    """One try at one feature; several may be open, each at a feature of its own."""

    feature_index: Index
    number: Count
    """From 1."""
    started_at: Time
    base_commit: Line = ""
    workspace: Workspace = MAIN_TREE
    baseline: Baseline | None = None
    """Kept while another attempt may go on from it: a thousand features would keep it a thousand times."""
    worker: Worker | None = None
    """The one started last, until it has ended by itself."""
    workers: Count = 0
    """How many were started."""
    said: Sentence = ""
    """The end of what its worker said last: what changed, what it decided, what a person has to do."""
    named: tuple[ChangedExpectation, ...] = ()
    """What was said so far of tests that the feature contradicts: it holds for every later proof."""
    awaited: Count = 0
    """How often ``done`` or ``fail`` waited for the worker."""
    failed_checks: Count = 0
    refusals: Count = 0
    """How often ``done`` was refused, for whatever reason."""
    stalls: Count = 0
    """How many turns in a row ended with nothing tried in it since."""
    tried: Line = ""
    """What had been tried in it when that was counted."""
    own_commits: tuple[Line, ...] = ()
    """What its worker has committed, before that became uncommitted work again."""
    proof: Proof | None = None
    review: Review | None = None
    ended_at: Time = ""
    error: Sentence = ""
    """Why it ended; ``""`` for success."""
