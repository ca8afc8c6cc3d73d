"""presets.md: the exports that are read by name, and the steps they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from docs.pages.markdown import anchor, code, page, table
from docs.pages.settings import WHOLE, headings
from feedsync.specs.preset import Preset
from feedsync.specs.presets import load_preset, preset_files
from feedsync.specs.project import ProjectSpec
from feedsync.specs.shape import Step
from feedsync.specs.source import ColumnOf, FieldSpec

INTRO = """A preset knows a well-known export: its columns in every language the shop system writes them, what brings its
rows into one row per product, and the [standard fields](fields.md) they fill. A source names it, and that is the whole
mapping:

```yaml
catalog:
  shop_url: https://mitienda.es
  currency: EUR
  sources: [{path: products.csv, preset: shopify_csv}]
```

What you write goes first: a field of your own under `catalog.fields` replaces the preset's field of that name, and keys
of the source replace the preset's. Templates there read the columns by the names below, whatever the file calls them.
A missing or repeated key is never mended in silence: such rows are findings (FS101, FS102), and a template under
`catalog.fields.sku` is how you give them ids. A column that a file lacks counts as empty, but for those that tell the
export from others; without those the run stops and names them.

The [steps](config.md#catalogsourcesshape) that presets are made of may stand in a source of your own, too, under `shape`.
A preset of your own is a file `presets/NAME.yaml` beside feedsync.yaml, in the same form
([schema](../schemas/preset.json)); one of a name below replaces it."""
ASKED: Final = {"shop_url": "catalog.shop_url", "image_url": "catalog.image_url"}


def presets() -> str:
    """The page of all presets that come with feedsync."""
    loaded = {name: load_preset(name, None).spec for name in sorted(preset_files(None))}
    rows = [
        [f"[{code(name)}](#{anchor(name)})", one.title, ", ".join(_languages(one)) or "one form"]
        for name, one in loaded.items()
    ]
    overview = table(["preset", "export", "headers in"], rows)
    parts = [part for name, one in loaded.items() for part in _preset(name, one)]
    return page("Presets", INTRO, overview, *parts)


def _preset(name: str, preset: Preset) -> Iterator[str]:
    yield f"## {name}"
    yield f"**{preset.title}.** {preset.about}"
    yield "\n".join(_facts(preset))
    rows = [[code(field), *_filled(field, one)] for field, one in preset.fields.items()]
    yield table(["field", "from", "read as"], rows)
    if preset.exclude:
        yield "Rows left out, and counted under these words:"
        yield table(["reason", "where"], [[one.reason, code(one.when)] for one in preset.exclude])
    told = {known: texts for known, texts in preset.headers.items() if texts}
    if told:
        yield "Columns that go by other names, too:"
        yield table(["column", "names"], [[code(known), _names(texts)] for known, texts in told.items()])
    if preset.shape:
        found = headings(ProjectSpec, WHOLE)
        yield f"Steps, in order: {', '.join(_link(step, found[type(step.what)]) for step in preset.shape)}."


def _facts(preset: Preset) -> Iterator[str]:
    yield f"- It is told by its columns: {', '.join(map(code, preset.needs))}."
    for what, fields in preset.asks.items():
        yield f"- It asks for {code(ASKED[what])}, for: {', '.join(map(code, fields))}."
    if preset.local_decimals:
        local = ", ".join(map(code, preset.local_decimals))
        yield f"- Written with the shop's decimal mark (`decimal_mark` of the source): {local}."
    said = preset.source.model_dump(exclude_unset=True)
    if said:
        yield f"- It says of the source: {', '.join(code(f'{key}: {value}') for key, value in said.items())}."
    if preset.variants:
        inherited = ", ".join(map(code, preset.variants.inherit))
        yield f"- Variants name their parent in {code(preset.variants.parent)} and take from it: {inherited}."
    yield f"- Facts from: {', '.join(f'<{source}>' for source in preset.sources)}."


def _filled(name: str, field: FieldSpec) -> list[str]:
    """What fills a field, and how it is read."""
    if field.template is not None:
        return [code(str(field.template)), field.type or ""]
    column = field.from_.column if isinstance(field.from_, ColumnOf) else field.from_ or name
    said = field.model_dump(exclude_unset=True, exclude={"from_"})
    return [f"column {code(column)}", ", ".join(code(f"{key}: {value}") for key, value in said.items())]


def _link(step: Step, heading: str) -> str:
    return f"[{code(step.name)}](config.md#{anchor(heading)})"


def _names(texts: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{language}: {', '.join(map(code, names))}" for language, names in texts.items())


def _languages(preset: Preset) -> list[str]:
    return sorted({language for texts in preset.headers.values() for language in texts})
