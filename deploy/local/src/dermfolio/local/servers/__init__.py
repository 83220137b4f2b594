"""Real servers as child processes on free loopback ports, each started, stopped and killed by its own value."""
