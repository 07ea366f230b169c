"""Add an entity to the registry in dbt_project.yml, with its comments and layout unchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

_ENTITIES = ("vars", "trustgate", "entities")
_CANDIDATES = ("vars", "trustgate", "candidates")
_INDENT = "  "


def registered(text: str, entity: str) -> str | None:
    """The text of dbt_project.yml with the entity in its registry.

    Returns: None if its layout cannot be edited. The edited text is parsed and compared, so that
        only the entity is added.
    """
    try:
        edited = _added(text, _CANDIDATES, f"{entity}: {_candidate(entity)}", "{}")
        edited = _added(edited, _ENTITIES, entity, "[]")
        is_right = yaml.safe_load(edited) == _expected(yaml.safe_load(text), entity)
    except (yaml.YAMLError, _UnusualError):
        return None
    return edited if is_right else None


def lines_to_add(entity: str) -> str:
    """The lines for dbt_project.yml, for a user who adds them by hand."""
    return "\n".join(
        [
            "vars:",
            f"{_INDENT}trustgate:",
            f"{_INDENT * 2}entities: [{entity}]",
            f"{_INDENT * 2}candidates: {{{entity}: {_candidate(entity)}}}",
        ]
    )


class _UnusualError(Exception):
    """The layout of the file cannot be edited."""


def _candidate(entity: str) -> str:
    return f"candidate_fct_{entity}"


def _expected(content: dict[str, Any], entity: str) -> dict[str, Any]:
    variables = content.get("vars") or {}
    settings = variables.get("trustgate") or {}
    changed = {
        "entities": [*(settings.get("entities") or []), entity],
        "candidates": {**(settings.get("candidates") or {}), entity: _candidate(entity)},
    }
    return {**content, "vars": {**variables, "trustgate": {**settings, **changed}}}


def _added(text: str, path: Sequence[str], item: str, brackets: str) -> str:
    """The text with one more item in the list or mapping at this path, created if missing.

    Args:
        brackets: Brackets of such a list or mapping on one line.
    """
    node, key = yaml.compose(text), None
    if not isinstance(node, yaml.MappingNode):
        raise _UnusualError
    for depth, name in enumerate(path):
        found = [(one, value) for one, value in node.value if one.value == name]
        if not found:
            leaf = f"{brackets[0]}{item}{brackets[1]}"
            return _with_entry(text, node, key, path[depth:], leaf)
        key, child = found[0]
        if _is_null(child):
            leaf = f"{brackets[0]}{item}{brackets[1]}"
            return _in_place_of_nothing(text, key, path[depth + 1 :], leaf)
        if depth + 1 == len(path):
            return _with_item(text, child, item)
        if not isinstance(child, yaml.MappingNode):
            raise _UnusualError
        node = child
    raise AssertionError


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _with_item(text: str, node: yaml.Node, item: str) -> str:
    """The text with one more item at the end of a list or mapping."""
    if not isinstance(node, yaml.CollectionNode):
        raise _UnusualError
    last = _last(node)
    if node.flow_style:
        place = last.end_mark.index if last is not None else node.start_mark.index + 1
        return _inserted(text, place, f"{', ' if last is not None else ''}{item}")
    if not isinstance(last, yaml.ScalarNode):
        raise _UnusualError
    line = text[text.rfind("\n", 0, last.start_mark.index) + 1 :]
    margin = re.match(r"[ ]*(?:- +)?", line)
    assert margin is not None
    return _below(text, last.end_mark.index, [f"{margin[0]}{item}"])


def _last(node: yaml.CollectionNode) -> yaml.Node | None:
    """The last item of a list, or the last value of a mapping."""
    if not node.value:
        return None
    last = node.value[-1]
    found: yaml.Node = last[1] if isinstance(node, yaml.MappingNode) else last
    return found


def _with_entry(
    text: str, node: yaml.MappingNode, key: yaml.Node | None, path: Sequence[str], leaf: str
) -> str:
    """The text with one more entry in a mapping: below its key, or at the end of the file."""
    if node.flow_style:
        return _with_item(text, node, _on_one_line(path, leaf))
    if key is None:
        end = "" if text.endswith("\n") or not text else "\n"
        return _below(text + end, len(text + end), ["", *_in_lines(path, leaf)])
    margin = " " * node.value[0][0].start_mark.column
    return _below(text, key.end_mark.index, [margin + line for line in _in_lines(path, leaf)])


def _in_place_of_nothing(text: str, key: yaml.Node, path: Sequence[str], leaf: str) -> str:
    """The text with a value for a key that has none."""
    if not path:
        colon = text.index(":", key.end_mark.index)
        return _inserted(text, colon + 1, f" {leaf}")
    margin = " " * key.start_mark.column + _INDENT
    return _below(text, key.end_mark.index, [margin + line for line in _in_lines(path, leaf)])


def _in_lines(path: Sequence[str], leaf: str) -> list[str]:
    *outer, name = path
    lines = [f"{_INDENT * depth}{one}:" for depth, one in enumerate(outer)]
    return [*lines, f"{_INDENT * len(outer)}{name}: {leaf}"]


def _on_one_line(path: Sequence[str], leaf: str) -> str:
    name, *inner = path
    return f"{name}: {{{_on_one_line(inner, leaf)}}}" if inner else f"{name}: {leaf}"


def _inserted(text: str, place: int, piece: str) -> str:
    return text[:place] + piece + text[place:]


def _below(text: str, place: int, lines: Sequence[str]) -> str:
    """The text with lines added after the line of this position, or at the end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    end = text.find("\n", place)
    if end < 0 and not text.endswith("\n"):
        text += newline
    place = end + 1 if end >= 0 else len(text)
    return _inserted(text, place, "".join(f"{line}{newline}" for line in lines))
