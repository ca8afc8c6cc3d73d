"""What init saw and wrote, for a terminal."""

from __future__ import annotations

from feedsync.reports import wording
from feedsync.reports.lines import WIDEST, Line, cells, columns, fitted, padded, wrapped
from feedsync.reports.table import counts
from feedsync.run.starting.columns import Chosen
from feedsync.run.starting.plan import Plan
from feedsync.run.starting.start import Started
from feedsync.texts import say

NAMED = 4  # columns without a field that are named
COLUMN = 24  # columns of the terminal that a header gets


def summary(started: Started, width: int = WIDEST) -> list[Line]:
    """The file, its fields, what was taken for granted, and what to do next."""
    plan = started.plan
    lines = [[(_file(started), "head")]]
    if plan.preset is not None:
        lines.append([(say("init_is_preset", title=wording.visible(plan.preset.spec.title)), "")])
    else:
        lines += _fields(plan, width)
    for question, answer in started.taken:
        lines += [[(line, "")] for line in wrapped(say("init_taken", question=question, answer=answer), width, 0)]
    lines += counts(started.result.feeds, width)
    for feed in started.result.feeds:
        if not feed.ready and not feed.blocked:
            lines.append([(say("init_nothing_left", feed=feed.feed), "warning")])
        empty = [one.attribute for one in feed.findings if one.code == "FS301" and one.count >= feed.blocked > 0]
        if not feed.ready and empty:
            pairs = ", ".join(f'{name}: "..."' for name in empty)
            said = say("init_all_lack", feed=feed.feed, attributes=", ".join(empty), pairs=pairs)
            lines += [[(line, "warning")] for line in wrapped(said, width, 0)]
    lines.append([(say("init_wrote", file=started.file), "ready")])
    lines.append([(say("init_next", feed=plan.feeds[0].name), "")])
    return lines


def _file(started: Started) -> str:
    plan, found = started.plan, started.found
    said = {"delimiter": f'"{plan.form.keys["delimiter"]}"'} if "delimiter" in plan.form.keys else {}
    said |= {key: plan.form.keys[key] for key in ("encoding", "dialect", "records", "rows") if key in plan.form.keys}
    form = say("init_form", form=", ".join(said.values()).replace("\t", "\\t")) if said else ""
    rows = say("init_rows_one") if found.rows == 1 else say("init_rows", count=wording.number(found.rows))
    named = say("init_columns", count=wording.number(len(found.columns)))
    return say("init_file_line", file=wording.visible(plan.form.declared), rows=rows, columns=named, form=form)


def _fields(plan: Plan, width: int) -> list[Line]:
    head = (say("init_head_field"), say("init_head_column"), say("init_head_sample"))
    rows = [head]
    rows += [(one.field, _cut(one.column.name, COLUMN), _sample(one)) for one in plan.columns.in_order()]
    lines: list[Line] = [[(" " + fitted(line, width - 1), "")] for line in columns(rows)]
    lines[0] = [(lines[0][0][0], "place")]
    for kept in plan.columns.kept:
        if kept.meant:
            note = say("init_unsure_note", value=wording.clipped(kept.strange, 30), field=kept.meant)
            line = f" {padded('?', max(cells(row[0]) for row in rows))}  {_cut(kept.column.name, COLUMN)}  {note}"
            lines.append([(fitted(line, width), "warning")])
    names = [_cut(one.column.name, COLUMN) for one in plan.columns.kept if not one.meant]
    if names:
        shown = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
        key = "init_kept_line_one" if len(names) == 1 else "init_kept_line"
        lines.append([(" " + fitted(say(key, count=wording.number(len(names)), columns=shown), width - 1), "")])
    return lines


def _sample(one: Chosen) -> str:
    sample = _cut(one.column.samples[0], 40) if one.column.samples else ""
    if one.words:
        values = ", ".join(f"{_cut(word, 20)}: {value}" for word, value in one.words.items())
        return say("init_lookup_note", values=values)
    if one.strange:
        sample = f"{sample}  ? {say('init_strange_note', value=wording.clipped(one.strange, 30))}"
    return sample if one.sure else f"{sample}  ? {say('init_comment_nearly')}"


def _cut(text: str, limit: int) -> str:
    return fitted(" ".join(wording.visible(text).split()), limit)
