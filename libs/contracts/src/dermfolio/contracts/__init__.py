"""The words services speak: messages, public views, streams and permissions. Standard library and pydantic only."""
