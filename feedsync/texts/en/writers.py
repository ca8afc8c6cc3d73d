"""Texts of the template writer and the Atom document: what a channel's own formats may do wrong."""

from __future__ import annotations

from feedsync.texts import Text

TEXTS = {
    "writer_template_no_file": Text(
        'there is no file "{file}" beside channel.yaml.', "Correct the name, or put the file there."
    ),
    "writer_template_long": Text("the template is longer than {limit} KiB.", "Move texts that repeat into macros."),
    "writer_template_syntax": Text("the template does not read: {reason}.", "Correct it here or just before."),
    "writer_template_deep": Text("the template is nested too deeply.", "Write fewer brackets and loops inside others."),
    "writer_template_refused": Text(
        '"{name}" cannot be used: a template stands alone, and what it prints is always escaped.', "Remove it."
    ),
    "writer_template_private": Text('"{name}" is private to Python.', "Use the values themselves and filters."),
    "writer_template_unknown": Text(
        'unknown {kind} "{name}"{meant}',
        "A template sees the channel's attributes (in item), market, feed and record.number, and what it sets itself.",
    ),
    "writer_template_failed": Text("the template stopped: {reason}.", "Correct this line."),
    "writer_template_no_text": Text(
        "a {reason} is printed here, which is no text.", "Print its parts in a loop, or join them: | join(', ')."
    ),
    "writer_template_recursion": Text(
        "a macro calls itself too often.", "Give it an end, or write a loop in its place."
    ),
    "writer_template_size": Text(
        "the text is longer than {size} MiB.", "Look for a loop that repeats too often, or print less."
    ),
    "writer_template_memory": Text(
        "the template needs more than {memory} MiB of memory.", "Look for a text that grows in a loop."
    ),
    "writer_template_time": Text(
        "the template took longer than {seconds} seconds.", "Look for loops inside loops, and shorten them."
    ),
    "writer_template_late": Text(
        'the items from "{first}" on took longer than {seconds} seconds.',
        "Look for very large numbers or texts in the template, and for loops inside loops.",
    ),
    "writer_template_start": Text(
        "the process that runs the templates does not start: {reason}.",
        "Free some memory, and see that Python itself can be started.",
    ),
    "writer_template_died": Text(
        "the process that runs the templates ended before it was done.",
        "If nothing else ended it, e.g. a lack of memory, it is the template: make it smaller.",
    ),
    "writer_atom_prefix": Text(
        'the element "{name}" would be one of Atom\'s own.',
        'Give the channel\'s elements a prefix, e.g. element: "g:{{name}}", and leave plain out.',
    ),
    "writer_atom_namespace": Text(
        "the namespace without a prefix is Atom's own here.", 'Give this namespace a prefix in "namespaces".'
    ),
    "writer_atom_entry": Text(
        '"{name}" is no text, and an Atom entry wants one here.', "Name an attribute of type text or url."
    ),
    "writer_atom_only": Text('"entry" belongs to document: atom.', "Remove it, or write document: atom."),
}
