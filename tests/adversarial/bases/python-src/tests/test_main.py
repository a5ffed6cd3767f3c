import pytest

from tally.__main__ import main


@pytest.mark.cli
def test_result(data, capsys):
    main([str(data / "votes.txt")])
    assert capsys.readouterr().out == (data / "result.txt").read_text()
