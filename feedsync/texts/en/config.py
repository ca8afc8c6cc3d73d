"""English texts: config."""

from feedsync.texts import Text

TEXTS: dict[str, Text] = {
    # values from outside (specs/secrets.py)
    "config_variable_not_set": Text("{name} is not set.", "Put it into the environment."),
    "config_bad_reference": Text(
        '"{reference}" is no reference to a variable or file.',
        "Write ${{NAME}}, ${{NAME:-default}} or ${{file:secrets/name}}; a plain ${{ is written $${{.",
    ),
    "config_secret_file": Text('the file "{file}" cannot be read: {reason}.', "Correct the path or the file."),
}
