"""Send the events of accounts to other systems, as signed requests."""
