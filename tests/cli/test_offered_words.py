"""What is offered for a word that is typed; how a real shell shows it is tested elsewhere."""

from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete

from filterlang.cli.commands import group


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        ([], "ma", ["match"]),
        (["help"], "", sorted(group.commands)),
        (["help"], "ma", ["match"]),
        (["help", "schema"], "", ["infer"]),
        # Behind what is no group, or no command, there is nothing.
        (["help", "match"], "", []),
        (["help", "nothing"], "", []),
    ],
)
def test_commands_are_offered_where_one_is_named(words, begun, offered):
    shell = ShellComplete(group, {}, "filterlang", "_FILTERLANG_COMPLETE")
    assert [one.value for one in shell.get_completions(words, begun)] == offered
