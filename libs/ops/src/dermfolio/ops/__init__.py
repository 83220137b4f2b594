"""ops: operators' commands, and the client of the public API that they share with tests and measurements."""
