"""One feature of a batch, and what it needs."""

from __future__ import annotations

from batch_implement.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.kinds import Count, Identifier, Index, Line, Sentence

MAX_FEATURES = 1000
MAX_FEATURE_LENGTH = 10_000
# From here on a dependency holds a feature back when what it needs has failed; below it only orders.
FIRM = 0.6


@record(frozen=True, kw_only=True)
class Need:
    """A feature that has to come before."""

    on: Index
    """The feature that is needed."""
    kind: Line = "mark"
    """``mark`` or ``link`` where somebody wrote it down, else what it was concluded from."""
    evidence: Sentence = ""
    """What to show a person: the mark, the words, the file."""
    confidence: float = 1.0
    """From 0 to 1."""

    @property
    def is_firm(self) -> bool:
        return self.confidence >= FIRM


@record(frozen=True, kw_only=True)
class Feature:
    """One thing to build."""

    id: Identifier
    """As its source names it: its number from 1, or a plan's ``2.10``."""
    text: Line
    origin: Line = ""
    """Where in its source it stands: a line, an issue."""
    issue: Count | None = None
    """The GitHub issue that it was made of."""
    body: str = ""
    """Longer material (an issue's, what stands below it in a file), to be quoted and never obeyed."""
    phase: Line = ""
    """Of a plan: the part that it belongs to."""
    group: Line = ""
    """Features of one group are never worked at the same time."""
    weight: Count = 1
    """How much work it is beside the others; of what may begin, less comes first."""
    needs: tuple[Need, ...] = ()
