"""Report what the service does: logs, Prometheus metrics, traces, and errors sent to Sentry.

Belongs here: how something is reported. The code that does the work decides what is reported.
"""
