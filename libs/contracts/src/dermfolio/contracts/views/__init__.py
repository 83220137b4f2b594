"""The public API's data: what the gateway takes from and gives to the outside."""
