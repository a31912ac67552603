"""A schema and a document to messages, by Jinja templates that a user may replace one by one."""
