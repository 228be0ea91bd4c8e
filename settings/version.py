"""The version of the service and of both clients."""

VERSION = "0.1.0"
