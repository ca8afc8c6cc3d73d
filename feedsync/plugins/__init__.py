"""Python of the user's own: functions of the mapping language and hooks over batches. Nothing here runs unasked."""
