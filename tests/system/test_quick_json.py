"""The short way to JSON gives what the long way gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_implement.system.files import quick_json

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_LIB = str(Path(quick_json.__file__).parents[3])
_WRONG = ("", " ", "{", "[1,]", '{"a":1,}', "1 2", "\ufeff1", '"\n"', "tru", '"\\x"', "'a'")


@given(_VALUES)
def test_every_value_is_written_as_json_writes_it(value: object) -> None:
    assert quick_json.dumps(value) == json.dumps(value, separators=(",", ":"))
    plain = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    assert quick_json.dumps(value, ensure_ascii=False) == plain


@given(_VALUES, st.sampled_from(["", " ", "\r\n\t "]))
def test_every_text_is_read_as_json_reads_it(value: object, around: str) -> None:
    text = f"{around}{json.dumps(value, indent=1)}{around}"
    assert quick_json.loads(text) == json.loads(text)


@pytest.mark.parametrize("text", _WRONG)
def test_what_is_not_json_is_refused_in_the_same_words(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 -- its words are compared below
        json.loads(text)
    with pytest.raises(ValueError) as refused_too:  # noqa: PT011 -- the same
        quick_json.loads(text)
    assert str(refused_too.value) == str(refused.value)


def test_what_is_not_json_is_refused_by_a_process_that_has_not_loaded_json() -> None:
    code = (
        f"import sys; sys.path.insert(0, {_LIB!r})\n"
        "from batch_implement.system.files import quick_json\n"
        "try: quick_json.loads(sys.argv[1])\n"
        "except ValueError as error: print(error, end='')"
    )
    for text in (*_WRONG, '{"features": ["Add lo'):
        with pytest.raises(ValueError) as refused:  # noqa: PT011 -- its words are compared below
            json.loads(text)
        command = [sys.executable, "-I", "-S", "-c", code, text]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == str(refused.value)


@given(st.text(alphabet='[]{}",:0123eE.-+ntrufalsNI\\ \n', max_size=20))
def test_any_text_is_read_or_refused_alike(text: str) -> None:
    def outcome(loads: object) -> object:
        try:
            return repr(loads(text))  # type: ignore[operator]
        except ValueError as error:
            return str(error)

    assert outcome(quick_json.loads) == outcome(json.loads)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [-float("inf")]])
def test_what_is_no_json_number_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        quick_json.dumps(value)


def test_what_json_can_not_write_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        quick_json.dumps([{1}])


def test_the_rules_of_the_caller_are_followed() -> None:
    read = quick_json.loads('{"a":1.5,"b":NaN}', object_pairs_hook=list, parse_float=str, parse_constant=len)
    assert read == [("a", "1.5"), ("b", 3)]


def test_without_the_accelerator_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_json, "accelerator", None)
    assert quick_json.loads(' {"a":[1,2.5,null]} ') == {"a": [1, 2.5, None]}
    assert quick_json.dumps({"a": "é"}) == '{"a":"\\u00e9"}'
