"""What the rules and reconciliations of the commerce demo must find, worked out without SQL.

An independent second opinion: it reads the two files as they are, applies the documented meaning
of every rule of `base_orders` and `base_payments` and of the three commerce reconciliations
with `csv`, `decimal` and `datetime` only, and says which records are caught. It shares nothing with
the project, so agreement means something.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

Finding = tuple[str, str, str]
"""Entity (empty for a reconciliation), record key, check id."""

Revenue = tuple[int, Decimal]
"""Number of payments and their amount."""

WARNINGS = frozenset(
    {
        "order_total_present",
        "order_not_too_old",
        "order_updated_at_present",
        "order_updated_not_before_ordered",
        "payment_reference_prefix",
        "payment_paid_at_present",
        "payment_updated_at_present",
        "payment_not_sent_twice",
    }
)
"""Rules that mark a record and do not quarantine it."""

ORDER_STATUSES = frozenset(
    {
        "created",
        "approved",
        "invoiced",
        "processing",
        "shipped",
        "delivered",
        "canceled",
        "unavailable",
    }
)
PAYMENT_STATUSES = frozenset({"authorized", "captured", "refunded", "failed"})
PAYMENT_METHODS = frozenset({"credit_card", "boleto", "voucher", "debit_card", "transfer"})
PAYMENT_CURRENCIES = frozenset({"BRL", "EUR", "USD"})
TOLERANCE = Decimal("0.01")
NO_KEY = ""
"""Key of a reconciliation for all records that have none."""
NOTHING: Revenue = (0, Decimal(0))
LARGEST_AMOUNT = Decimal(1_000_000)
OLDEST_ORDER = timedelta(days=7300)
BEGINNING = datetime.min.replace(tzinfo=timezone.utc)
END = datetime.max.replace(tzinfo=timezone.utc)

_PLAIN_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")
_GROUPED_NUMBER = re.compile(r"[-+]?\d{1,3}([, ]\d{3})+(\.\d*)?")
_ISO_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?"
    r"(?:(Z)|([-+])(\d{2}):?(\d{2}))?"
)
_US_TIME = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")
_PERSONAL = (
    re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    re.compile(r"\+\d[\d ()-]{8,}\d"),
    re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b"),
    re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b"),
)
_DIGITS = re.compile(r"\b\d+(?:[ -]\d+)*\b")


@dataclass
class Record:
    """One row of a file: what it says, typed, and which rules it fails."""

    row_number: int
    """Of the data row in its file, from 1."""
    text: dict[str, str | None]
    """Trimmed; None where empty."""
    content: tuple[str, ...]
    """As received, to tell duplicates."""
    key: str
    amount: Decimal | None
    event_at: datetime | None
    """ordered_at or paid_at; None where empty or unreadable."""
    updated_at: datetime | None
    failed: set[str] = field(default_factory=set)

    @property
    def version(self) -> tuple[datetime, int]:
        """Sorts the versions of a key: an unreadable updated_at last, an empty one first."""
        if self.updated_at is not None:
            return self.updated_at, self.row_number
        return (END if self.text["updated_at"] else BEGINNING), self.row_number

    @property
    def is_good(self) -> bool:
        return self.failed <= WARNINGS

    def says(self, **expected: str | None) -> bool:
        return all(self.text[column] == value for column, value in expected.items())


@dataclass(frozen=True)
class Entity:
    """All records of a file that are no duplicates, by key, oldest version first."""

    name: str
    versions: dict[str, list[Record]]

    @property
    def records(self) -> Iterator[Record]:
        return (record for versions in self.versions.values() for record in versions)

    @property
    def latest(self) -> list[Record]:
        return [versions[-1] for versions in self.versions.values()]

    @property
    def promoted(self) -> list[Record]:
        good = ([record for record in group if record.is_good] for group in self.versions.values())
        return [group[-1] for group in good if group]


def expected_findings(orders_csv: Path, payments_csv: Path, loaded_at: datetime) -> set[Finding]:
    """Everything that must be caught in the two files, and nothing else.

    Args:
        orders_csv: Orders with their header, as in `seeds/`.
        payments_csv: Payments with their header, as in `seeds/`.
        loaded_at: When the files were loaded, with a time zone; only used for what is measured
            against it (in the future, too old).
    Returns: (entity, record key, check id). The key of a record without one is `row:<n>`, n from 1
        in its file; the entity of a reconciliation is empty, its key an order_id (NO_KEY for all
        records without one together) or, of a day, `<date>|<currency>`.
    Raises: KeyError if a file lacks a column.
    Source: docs/rules.md, docs/reconciliation.md.
    """
    orders = read_entity("orders", orders_csv, "order_id", "order_total", "ordered_at")
    payments = read_entity("payments", payments_csv, "payment_id", "amount", "paid_at")

    for order in orders.records:
        order.failed = failed_rules(order_rules(order, loaded_at))
    mark_conflicts(orders, "order_versions_agree")

    stg_orders = {order.key: order for order in orders.promoted}
    for payment in payments.records:
        parent = stg_orders.get(payment.text["order_id"] or "")
        payment.failed = failed_rules(payment_rules(payment, parent, loaded_at))
    mark_conflicts(payments, "payment_versions_agree")
    mark_sent_twice(payments)

    return {
        *((entity.name, record.key, rule)
          for entity in (orders, payments)
          for record in entity.latest
          for rule in record.failed),
        *(("", key, "recon_payments_orders") for key in unmatched_orders(orders, payments)),
        *(("", key, "recon_order_totals") for key in unequal_totals(orders, payments)),
        *(("", key, "recon_daily_revenue") for key in drifting_days(payments)),
    }  # fmt: skip


def read_entity(name: str, path: Path, key: str, amount: str, event_at: str) -> Entity:
    """The records of a file, duplicates (same key, same content) left out."""
    versions: defaultdict[str, list[Record]] = defaultdict(list)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    with path.open(encoding="utf-8", newline="") as lines:
        for row_number, row in enumerate(csv.DictReader(lines), start=1):
            text = {column: value.strip() or None for column, value in row.items()}
            record = Record(
                row_number=row_number,
                text=text,
                content=tuple(row.values()),
                key=text[key] or f"row:{row_number}",
                amount=read_money(text[amount]),
                event_at=read_time(text[event_at]),
                updated_at=read_time(text["updated_at"]),
            )
            if (record.key, record.content) not in seen:
                seen.add((record.key, record.content))
                versions[record.key].append(record)
    for group in versions.values():
        group.sort(key=lambda record: record.version)
    return Entity(name, dict(versions))


def read_money(text: str | None) -> Decimal | None:
    """A number(14,2), thousands separated by commas or blanks or not at all; None if it is none."""
    if text is None or not (_PLAIN_NUMBER.fullmatch(text) or _GROUPED_NUMBER.fullmatch(text)):
        return None
    value = Decimal(text.replace(",", "").replace(" ", ""))
    is_exact = value == value.quantize(Decimal("0.01"))
    return value if is_exact and abs(value) < Decimal(10) ** 12 else None


def read_time(text: str | None) -> datetime | None:
    """ISO 8601 or US `M/D/YYYY H:MM`, UTC where no zone is given; None if it is neither."""
    if text is None:
        return None
    try:
        if found := _US_TIME.fullmatch(text):
            month, day, year, hour, minute = map(int, found.groups())
            return datetime(year, month, day, hour, minute, tzinfo=timezone.utc)
        if found := _ISO_TIME.fullmatch(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
            microsecond = int((found[7] or "").ljust(6, "0"))
            offset = timedelta(hours=int(found[10] or 0), minutes=int(found[11] or 0))
            zone = timezone(-offset if found[9] == "-" else offset)
            local = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=zone)
            return local.astimezone(timezone.utc)
    except ValueError:  # 30 February, hour 25
        return None
    return None


def is_personal(text: str) -> bool:
    """Whether the text holds an e-mail address, phone, card, CPF or IBAN number."""
    return any(pattern.search(text) for pattern in _PERSONAL) or any(
        13 <= len(digits) <= 19 and passes_luhn(digits) for digits in stretches(text)
    )


def stretches(text: str) -> Iterator[str]:
    """Digits of the groups that stand beside each other, from any group to any later one."""
    for run in _DIGITS.finditer(text):
        groups = re.split("[ -]", run[0])
        for first, last in itertools.combinations(range(len(groups) + 1), 2):
            yield "".join(groups[first:last])


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit that card numbers carry."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


Rules = Iterable[tuple[str, bool]]
"""Rule id and whether the record fails it."""


def failed_rules(rules: Rules) -> set[str]:
    return {rule for rule, fails in rules if fails}


def order_rules(order: Record, loaded_at: datetime) -> Rules:
    text, total, ordered_at, updated_at = order.text, order.amount, order.event_at, order.updated_at
    yield "order_id_present", text["order_id"] is None
    yield "order_id_length", holds(text["order_id"], lambda key: not 3 <= len(key) <= 40)
    yield "order_customer_present", text["customer_id"] is None
    yield "order_customer_no_pii", holds(text["customer_id"], is_personal)
    yield "order_status_present", text["status"] is None
    yield "order_status_known", holds(text["status"], lambda word: word not in ORDER_STATUSES)
    yield "order_currency_format", not re.fullmatch(r"[A-Z]{3}", text["currency"] or "")
    yield "order_total_parses", text["order_total"] is not None and total is None
    yield "order_total_present", total is None
    yield "order_total_not_negative", total is not None and not 0 <= total <= LARGEST_AMOUNT
    yield "order_ordered_at_parses", text["ordered_at"] is not None and ordered_at is None
    yield "order_updated_at_parses", text["updated_at"] is not None and updated_at is None
    yield "order_updated_at_present", updated_at is None
    yield "order_updated_at_not_in_future", updated_at is not None and updated_at > loaded_at
    yield "order_ordered_at_present", ordered_at is None
    if ordered_at is not None:
        yield "order_not_in_future", ordered_at > loaded_at
        yield "order_not_too_old", ordered_at < loaded_at - OLDEST_ORDER
        if updated_at is not None:
            yield "order_updated_not_before_ordered", updated_at < ordered_at


def payment_rules(payment: Record, parent: Record | None, loaded_at: datetime) -> Rules:
    text, amount = payment.text, payment.amount
    paid_at, updated_at = payment.event_at, payment.updated_at
    moved_money = text["status"] in PAYMENT_STATUSES - {"failed"}
    yield "payment_id_present", text["payment_id"] is None
    yield "payment_id_format", holds(text["payment_id"], lambda key: bool(re.search(r"\s", key)))
    yield "payment_reference_prefix", holds(text["payment_id"], lambda key: "-" not in key)
    yield "payment_order_present", text["order_id"] is None
    yield "payment_order_exists", text["order_id"] is not None and parent is None
    yield "payment_method_present", text["method"] is None
    yield "payment_method_known", holds(text["method"], lambda word: word not in PAYMENT_METHODS)
    yield "payment_amount_parses", text["amount"] is not None and amount is None
    yield "payment_amount_present", moved_money and amount is None
    yield "payment_amount_positive", amount is not None and amount <= 0
    yield "payment_amount_plausible", amount is not None and amount > LARGEST_AMOUNT
    yield "payment_currency_known", text["currency"] not in PAYMENT_CURRENCIES
    yield "payment_status_present", text["status"] is None
    yield "payment_status_known", holds(text["status"], lambda word: word not in PAYMENT_STATUSES)
    yield "payment_status_not_a_test", text["status"] in {"test", "dummy"}
    yield "payment_paid_at_parses", text["paid_at"] is not None and paid_at is None
    yield "payment_paid_at_present", paid_at is None
    yield "payment_not_in_future", paid_at is not None and paid_at > loaded_at
    yield "payment_updated_at_parses", text["updated_at"] is not None and updated_at is None
    yield "payment_updated_at_present", updated_at is None
    yield "payment_updated_at_not_in_future", updated_at is not None and updated_at > loaded_at
    if parent is not None:
        both = text["currency"] is not None and parent.text["currency"] is not None
        yield "payment_currency_as_ordered", both and not parent.says(currency=text["currency"])
        if paid_at is not None and parent.event_at is not None:
            yield "payment_not_before_order", paid_at < parent.event_at


def holds(text: str | None, predicate: Callable[[str], bool]) -> bool:
    """Whether the text is there and the predicate is true of it."""
    return text is not None and predicate(text)


def mark_conflicts(entity: Entity, rule: str) -> None:
    """Different contents of one key that claim the same instant: none of them can be believed."""
    for versions in entity.versions.values():
        instants = Counter(record.updated_at for record in versions if record.updated_at)
        for record in versions:
            if record.updated_at and instants[record.updated_at] > 1:
                record.failed.add(rule)


def mark_sent_twice(payments: Entity) -> None:
    """The same order, method, amount and time under two payment ids, among latest versions."""
    alike: defaultdict[tuple[object, ...], list[Record]] = defaultdict(list)
    for payment in payments.latest:
        text = payment.text
        what = (text["order_id"], text["method"], payment.amount, payment.event_at)
        if None not in what:
            alike[what].append(payment)
    for group in alike.values():
        if len(group) > 1:
            for payment in group:
                payment.failed.add("payment_not_sent_twice")


def unmatched_orders(orders: Entity, payments: Entity) -> set[str]:
    """Orders named by one side only; NO_KEY, once, where a record names none. Latest versions."""
    ordered = {order.text["order_id"] or NO_KEY for order in orders.latest}
    paid = {payment.text["order_id"] or NO_KEY for payment in payments.latest}
    return (ordered ^ paid) | ((ordered | paid) & {NO_KEY})


def unequal_totals(orders: Entity, payments: Entity) -> set[str]:
    """Promoted orders whose promoted captured payments, if any, do not add up to their total."""
    paid: defaultdict[tuple[str | None, str | None], Decimal] = defaultdict(Decimal)
    for payment in payments.promoted:
        if payment.says(status="captured") and payment.amount is not None:
            paid[payment.text["order_id"], payment.text["currency"]] += payment.amount
    return {
        order.key
        for order in orders.promoted
        if order.amount is not None
        and (order.key, order.text["currency"]) in paid
        and abs(paid[order.key, order.text["currency"]] - order.amount) > TOLERANCE
    }


def drifting_days(payments: Entity) -> set[str]:
    """Days (UTC) and currencies whose captured revenue differs, received against promoted."""
    expected, actual = daily_revenue(payments.latest), daily_revenue(payments.promoted)
    return {
        grain
        for grain in expected.keys() | actual.keys()
        if is_drift(expected.get(grain, NOTHING), actual.get(grain, NOTHING))
    }


def is_drift(expected: Revenue, actual: Revenue) -> bool:
    """Whether the counts differ at all, or the amounts by more than the tolerance."""
    return expected[0] != actual[0] or abs(expected[1] - actual[1]) > TOLERANCE


def daily_revenue(payments: Iterable[Record]) -> dict[str, Revenue]:
    """Count and amount of captured payments by `<date>|<currency>`."""
    days: dict[str, Revenue] = {}
    for payment in payments:
        currency = payment.text["currency"]
        if not (payment.says(status="captured") and payment.event_at and currency):
            continue
        if payment.amount is not None:
            grain = f"{payment.event_at.date()}|{currency}"
            count, amount = days.get(grain, NOTHING)
            days[grain] = count + 1, amount + payment.amount
    return days
