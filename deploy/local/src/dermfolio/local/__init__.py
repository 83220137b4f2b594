"""The embedded stack: real PostgreSQL, NATS and S3 servers and every service, as child processes."""
