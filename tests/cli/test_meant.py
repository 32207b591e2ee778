"""Options and commands that people know from elsewhere: what they are called here is said."""

from __future__ import annotations

import pytest

from filterlang.cli import meant
from filterlang.cli.commands import group
from filterlang.cli.match_command import match


@pytest.mark.parametrize(
    ("option", "here"),
    [
        ("--fields", "'--select'"),
        ("--cols", "'--select'"),
        ("--top", "'--limit', with --sort NAME --descending for the largest"),
        ("-n", "'--limit', with --sort NAME --descending for the largest"),
        ("--where", "'--filter', for each filter behind the first argument"),
        ("--order-by", "'--sort'"),
        ("--desc", "'--descending'"),
        ("--group-by", "'--count-by'"),
        ("--sep", "'--delimiter'"),
        ("--sheet", "'--records'"),
    ],
)
def test_an_option_of_others(option, here, run):
    found = run("match", "a==1", option, "3")
    assert (found.code, found.out) == (2, "")
    assert found.err.endswith(f"Error: No such option '{option}'. Did you mean {here}?\n")


def test_only_options_of_the_command_are_meant(run):
    assert "--limit" not in run("tag", "--top", "3").err
    assert "--select" not in run("check", "--fields", "3").err


@pytest.mark.parametrize(
    ("command", "here"),
    [
        ("count", "match --count FILTER FILE"),
        ("infer", "schema infer FILE"),
        ("grep", "match FILTER FILE"),
        ("validate", "check FILTER"),
        ("convert", "match --all FILE -o NEW.parquet"),
    ],
)
def test_a_command_of_others(command, here, run):
    found = run(command, "a==1", "x.csv")
    assert (found.code, found.out) == (2, "")
    told = f"Error: No such command '{command}'. Did you mean 'filterlang {here}'?\n"
    assert found.err.endswith(told)


def test_a_filter_in_the_place_of_a_command(run):
    told = "If this is a filter, write 'match' or 'check' before it.\n"
    assert run("score>=90", "x.csv").err.endswith(f"No such command 'score>=90'. {told}")
    assert "If this is a filter" not in run("x.csv").err
    assert "Did you mean" not in run("schema", "count").err


def test_what_is_meant_is_there_and_what_is_there_is_not_in_the_tables():
    options = {option for parameter in match.params for option in parameter.opts}
    assert set(meant._OPTIONS) <= options
    for word in meant._of_words(meant._OPTIONS):
        assert word not in options
        assert f"--{word}" not in options
    for word, here in meant._of_words(meant._COMMANDS).items():
        assert word not in group.commands
        assert here.split()[0] in group.commands
