"""The registry with one entity more: what is added, and that nothing else is touched."""

from __future__ import annotations

import pytest
import yaml

from runner.scaffolding.registry_edit import lines_to_add, registered

EDITS = {
    "lists on one line": (
        """\
vars:
  trustgate:
    entities: [orders, payments]  # what there is
    candidates: {orders: fct, payments: fct_2}
seeds: {}
""",
        """\
vars:
  trustgate:
    entities: [orders, payments, refunds]  # what there is
    candidates: {orders: fct, payments: fct_2, refunds: candidate_fct_refunds}
seeds: {}
""",
    ),
    "lists of many lines": (
        """\
vars:
  trustgate:
    # What there is.
    entities:
      - orders    # first
      - payments  # second
    # For the chain.
    candidates:
      orders: fct  # first

# Below.
seeds: {}
""",
        """\
vars:
  trustgate:
    # What there is.
    entities:
      - orders    # first
      - payments  # second
      - refunds
    # For the chain.
    candidates:
      orders: fct  # first
      refunds: candidate_fct_refunds

# Below.
seeds: {}
""",
    ),
    "a list that is not indented, names in quotes": (
        """\
"vars":
  'trustgate':
    entities:
    - "orders"
    candidates: {orders: 'fct'}""",
        """\
"vars":
  'trustgate':
    entities:
    - "orders"
    - refunds
    candidates: {orders: 'fct', refunds: candidate_fct_refunds}""",
    ),
    "lists in brackets over many lines": (
        """\
vars:
  trustgate:
    entities: [
      orders,
      payments, # second
    ]
    candidates: {}
""",
        """\
vars:
  trustgate:
    entities: [
      orders,
      payments, refunds, # second
    ]
    candidates: {refunds: candidate_fct_refunds}
""",
    ),
    "a registry without an entity": (
        """\
vars:
  trustgate:
    # Patience.
    max_retries: 3
""",
        """\
vars:
  trustgate:
    entities: [refunds]
    candidates: {refunds: candidate_fct_refunds}
    # Patience.
    max_retries: 3
""",
    ),
    "settings without a value": (
        """\
vars:
  trustgate:
    entities:
    candidates:
""",
        """\
vars:
  trustgate:
    entities: [refunds]
    candidates: {refunds: candidate_fct_refunds}
""",
    ),
    "a registry without a value": (
        """\
vars:
  trustgate:
""",
        """\
vars:
  trustgate:
    entities: [refunds]
    candidates: {refunds: candidate_fct_refunds}
""",
    ),
    "variables of others": (
        """\
name: shop
vars:
  first_day: 2026-01-01

models: {}
""",
        """\
name: shop
vars:
  trustgate:
    entities: [refunds]
    candidates: {refunds: candidate_fct_refunds}
  first_day: 2026-01-01

models: {}
""",
    ),
    "all of it on one line": (
        "vars: {trustgate: {entities: [orders], candidates: {orders: fct}}, other: 1}\n",
        "vars: {trustgate: {entities: [orders, refunds], candidates: {orders: fct, refunds:"
        " candidate_fct_refunds}}, other: 1}\n",
    ),
    "variables without a value": (
        "vars:\nname: shop\n",
        "vars:\n  trustgate:\n    entities: [refunds]\n"
        "    candidates: {refunds: candidate_fct_refunds}\nname: shop\n",
    ),
    "no variables": (
        "name: shop\n# The end.\n",
        "name: shop\n# The end.\n\nvars:\n  trustgate:\n    entities: [refunds]\n"
        "    candidates: {refunds: candidate_fct_refunds}\n",
    ),
    "no line end at the end": (
        "name: shop",
        "name: shop\n\nvars:\n  trustgate:\n    entities: [refunds]\n"
        "    candidates: {refunds: candidate_fct_refunds}\n",
    ),
    "line ends of Windows": (
        "vars:\r\n  trustgate:\r\n    entities:\r\n      - orders\r\n    candidates: {a: b}\r\n",
        "vars:\r\n  trustgate:\r\n    entities:\r\n      - orders\r\n      - refunds\r\n"
        "    candidates: {a: b, refunds: candidate_fct_refunds}\r\n",
    ),
}
UNUSUAL = {
    "settings shared by an anchor": """\
vars:
  trustgate: &registry
    entities: [orders]
    candidates: {orders: fct}
  shop: *registry
""",
    "settings merged": "vars:\n  trustgate:\n    <<: {entities: [a]}\n    candidates: {a: b}\n",
    "a name that stands twice": """\
vars:
  trustgate:
    entities: [orders]
    candidates: {orders: fct}
  trustgate:
    entities: [orders]
""",
    "a value of many lines": """\
vars:
  trustgate:
    entities: [orders]
    candidates:
      orders: >-
        fct
    max_retries: 3
""",
    "no YAML": "vars: [",
    "no settings": "vars: 5\n",
}


@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS)
def test_an_entity_is_added_where_the_registry_stands(before: str, after: str) -> None:
    assert registered(before, "refunds") == after


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_what_cannot_be_edited_without_changing_more_is_left_to_people(text: str) -> None:
    assert registered(text, "refunds") is None


def test_the_lines_to_add_by_hand_register_the_entity() -> None:
    added = yaml.safe_load(lines_to_add("refunds"))
    edited = registered("name: shop\n", "refunds")
    assert edited is not None
    assert {"name": "shop", **added} == yaml.safe_load(edited)
