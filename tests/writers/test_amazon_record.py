"""A deep vendor tree: its bytes, and that they satisfy the vendor's schema and a stricter one of our own."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import yaml
from writer_builders import INFO, MADRID, items, money, spec, written

from feedsync.writers.open import open_writer

OURS = json.loads((Path(__file__).parent / "amazon_attributes.schema.json").read_text("utf-8"))
FORMAT = yaml.load(  # every scalar stays text, as in a channel spec
    """
writer: json
suffix: json
split_at: {records: 25000}
document: {header: {sellerId: "{{ feed.seller_id }}", version: "2.0", issueLocale: "{{ market.language_tag }}"}, messages: {records: here}}
record:
  messageId: "{{ record.number }}"
  sku: "{{ id }}"
  operationType: UPDATE
  productType: "{{ product_type }}"
  requirements: "{{ feed.requirements }}"
  attributes:
    item_name: [{shape: localized, text: "{{ title }}"}]
    bullet_point: {each: "{{ bullet_points }}", entry: {shape: localized, text: "{{ entry }}"}}
    purchasable_offer:
      - marketplace_id: "{{ market.marketplace_id }}"
        currency: "{{ price | currency }}"
        our_price: [{schedule: [{value_with_tax: "{{ price | amount }}"}]}]
        discounted_price: [{schedule: [{start_at: "{{ sale_price_effective_date | start }}", end_at: "{{ sale_price_effective_date | end }}", value_with_tax: "{{ sale_price | amount }}"}]}]
    fulfillment_availability: [{fulfillment_channel_code: DEFAULT, quantity: "{{ quantity }}"}]
delete: {messageId: "{{ record.number }}", sku: "{{ id }}", operationType: DELETE}
patch: {messageId: "{{ record.number }}", sku: "{{ id }}", operationType: PARTIAL_UPDATE, productType: "{{ product_type }}", attributes: {changed: here}}
""",
    Loader=yaml.BaseLoader,
)
SHAPES = {
    "localized": {
        "value": "{{ text }}",
        "language_tag": "{{ market.language_tag }}",
        "marketplace_id": "{{ market.marketplace_id }}",
    }
}
ATTRIBUTES: dict[str, Any] = {
    "id": {},
    "product_type": {},
    "title": {},
    "bullet_points": {"type": "list"},
    "price": {"type": "money"},
    "sale_price": {"type": "money"},
    "sale_price_effective_date": {"type": "interval"},
    "quantity": {"type": "integer"},
}
START = dt.datetime(2026, 12, 24, 0, 0, tzinfo=ZoneInfo(MADRID))
LAMP = {
    "id": "L-1",
    "product_type": "LAMP",
    "title": 'Lámpara "Sol"',
    "bullet_points": ["Luz cálida", "3 m \\ 10 ft"],
    "price": money("19.90"),
    "sale_price": money("15"),
    "sale_price_effective_date": {"start": START, "end": dt.datetime(2026, 12, 31, 23, 59, tzinfo=ZoneInfo(MADRID))},
    "quantity": 7,
}
PLAIN = {"id": "L-2", "product_type": "LAMP", "title": "Foco", "price": money("120"), "quantity": 0}
GOLDEN = (
    '{"header":{"sellerId":"A1B2","version":"2.0","issueLocale":"es_ES"},"messages":[\n'
    '{"messageId":1,"sku":"L-1","operationType":"UPDATE","productType":"LAMP","requirements":"LISTING_OFFER_ONLY",'
    '"attributes":{'
    '"item_name":[{"value":"Lámpara \\"Sol\\"","language_tag":"es_ES","marketplace_id":"A1RKKUPIHCS9HS"}],'
    '"bullet_point":[{"value":"Luz cálida","language_tag":"es_ES","marketplace_id":"A1RKKUPIHCS9HS"},'
    '{"value":"3 m \\\\ 10 ft","language_tag":"es_ES","marketplace_id":"A1RKKUPIHCS9HS"}],'
    '"purchasable_offer":[{"marketplace_id":"A1RKKUPIHCS9HS","currency":"EUR",'
    '"our_price":[{"schedule":[{"value_with_tax":19.9}]}],'
    '"discounted_price":[{"schedule":[{"start_at":"2026-12-24T00:00+01:00","end_at":"2026-12-31T23:59+01:00",'
    '"value_with_tax":15}]}]}],'
    '"fulfillment_availability":[{"fulfillment_channel_code":"DEFAULT","quantity":7}]}},\n'
    '{"messageId":2,"sku":"L-2","operationType":"UPDATE","productType":"LAMP","requirements":"LISTING_OFFER_ONLY",'
    '"attributes":{'
    '"item_name":[{"value":"Foco","language_tag":"es_ES","marketplace_id":"A1RKKUPIHCS9HS"}],'
    '"purchasable_offer":[{"marketplace_id":"A1RKKUPIHCS9HS","currency":"EUR",'
    '"our_price":[{"schedule":[{"value_with_tax":120}]}]}],'
    '"fulfillment_availability":[{"fulfillment_channel_code":"DEFAULT","quantity":0}]}}\n'
    "]}\n"
)


def message_file(*rows: dict[str, Any], form: dict[str, Any] = FORMAT) -> str:
    made = spec({"json": form}, ATTRIBUTES, shapes=SHAPES)
    market = {
        "country": "ES",
        "language": "es",
        "currency": "EUR",
        "marketplace_id": "A1RKKUPIHCS9HS",
        "language_tag": "es_ES",
    }
    feed = {"name": "amazon_es", "seller_id": "A1B2", "requirements": "LISTING_OFFER_ONLY"}
    writer = open_writer(made, "json", list(ATTRIBUTES), market, feed, MADRID, INFO)
    assert writer.split_at == 25_000
    return written(writer, items(made, *rows)).decode()


def test_the_bytes() -> None:
    assert message_file(LAMP, PLAIN) == GOLDEN


def vendor_schema() -> Any:
    folder = os.environ.get("FEEDSYNC_REFERENCE") or Path(__file__).parents[2].parent / "shared" / "reference"
    path = Path(folder) / "data" / "amazon" / "schemas" / "listings-feed-schema-v2.json"
    if not path.exists():
        pytest.skip("the vendor's feed schema is not here: set FEEDSYNC_REFERENCE to the folder that has it")
    return json.loads(path.read_text("utf-8"))


def test_valid_by_the_vendors_schema() -> None:
    jsonschema.validate(json.loads(message_file(LAMP, PLAIN)), vendor_schema())


def test_valid_by_our_schema_of_the_attributes() -> None:
    for message in json.loads(message_file(LAMP, PLAIN))["messages"]:
        jsonschema.validate(message["attributes"], OURS)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["purchasable_offer"], 3),
        (["purchasable_offer", 0, "our_price", 0, "schedule", 0, "value_with_tax"], "19.90"),
        (["purchasable_offer", 0, "marketplace_id"], "ES"),
        (["item_name", 0, "language_tag"], "es"),
        (["fulfillment_availability", 0, "quantity"], 1.5),
        (["purchasable_offer", 0, "discounted_price", 0, "schedule", 0], {"start_at": "2026-12-24T00:00+01:00"}),
    ],
)
def test_what_only_our_schema_refuses(path: list[Any], value: object) -> None:
    document = json.loads(message_file(LAMP))
    attributes = document["messages"][0]["attributes"]
    place = attributes
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(attributes, OURS)
    jsonschema.validate(document, vendor_schema())  # a weak oracle: it takes any value


def test_dates_of_a_sale_that_is_not_there_need_a_condition() -> None:
    """Dates alone keep a branch alive; a tree says so where they must not."""
    row = {**LAMP, "sale_price": None}
    written_as_is = json.loads(message_file(row))["messages"][0]["attributes"]["purchasable_offer"][0]
    assert written_as_is["discounted_price"] == [
        {"schedule": [{"start_at": "2026-12-24T00:00+01:00", "end_at": "2026-12-31T23:59+01:00"}]}
    ]
    guarded = json.loads(
        json.dumps(FORMAT)
        .replace("sale_price_effective_date | start }}", "(sale_price_effective_date | start) if sale_price }}")
        .replace("sale_price_effective_date | end }}", "(sale_price_effective_date | end) if sale_price }}")
    )
    offer = json.loads(message_file(row, form=guarded))["messages"][0]["attributes"]["purchasable_offer"][0]
    assert "discounted_price" not in offer
    assert message_file(LAMP, PLAIN, form=guarded) == GOLDEN
