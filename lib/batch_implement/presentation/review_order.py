"""What a reviewer is told: which feature, where its change is, what the runs found."""

from __future__ import annotations

from batch_implement.presentation.prompts import asked_for
from batch_implement.presentation.standing import MARK
from batch_implement.state.home import review_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from batch_implement.model.batch import Batch
    from batch_implement.model.evidence import Evidence

_ANSWER = (
    'Answer with JSON and nothing else: {"verdict": "fine"}, or {"verdict": "findings", "findings": '
    '[{"file": "src/a.py", "line": 12, "problem": "one sentence"}]}'
)
_NAMED = 20


def review_order(batch: Batch, index: int) -> str:
    """For the open attempt at a feature (from 0)."""
    number = index + 1
    proof = batch.open_attempts[index].proof
    lines = [
        f"{MARK} Review feature {number} of {len(batch.features)}. What was asked for:",
        *asked_for(batch.features[index]),
        f"What was done: {review_path(number)}, a diff of everything; the working tree has the result.",
        *(_found(proof.evidence) if proof is not None else ()),
        _ANSWER,
    ]
    return "\n".join(lines)


def _found(evidence: Evidence) -> list[str]:
    """What the runs say; in words of ours, so that nothing in it reads as an order."""
    lines = [f"The checks may say less than before: {line}" for line in evidence.weaker]
    if evidence.changed:
        lines.append("Tests were changed with the code; why, as its author says:")
        lines += [f"- {one.test}: {one.why}" for one in evidence.changed]
    lines += [f"Less strictly is looked at the code: {line}" for line in evidence.looser]
    if evidence.gone:
        lines.append(
            f"Tests that are gone, and whose old version passes: {', '.join(evidence.gone[:_NAMED])}"
        )
    if evidence.shown_by:
        lines.append(f"Tests that fail without the change: {', '.join(evidence.shown_by)}")
    if evidence.unshown:
        lines.append("No test fails without the feature.")
    if evidence.no_change:
        lines.append(f"Who implemented it says that nothing had to change: {evidence.no_change}")
    return lines
