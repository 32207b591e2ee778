"""Where the grammar's text is found."""

from __future__ import annotations

from filterlang.syntax import _grammar


def test_a_wheel_holds_the_grammar_inside_the_package(monkeypatch, tmp_path):
    (tmp_path / "grammar" / "vectors").mkdir(parents=True)
    (tmp_path / "grammar" / "filter.lark").write_text("filter: ĉ", encoding="utf-8")
    (tmp_path / "grammar" / "vectors" / "parse.json").write_text("{}", encoding="utf-8")
    (tmp_path / "grammar" / "tables.json").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(
        _grammar.pkgutil, "get_data", lambda package, name: (tmp_path / name).read_bytes()
    )
    assert _grammar.grammar_text() == "filter: ĉ"
    assert _grammar.vectors_text("parse") == "{}"
    assert _grammar.tables_text() == "[]"
