"""Keep a feed of events about accounts, which other services read with a cursor, and from which webhooks are sent."""
