"""The version of the service, which both clients are published under too."""

VERSION = "0.1.0"
