"""Report what the service does: logs, Prometheus metrics, traces, and errors sent to Sentry.

Belongs here: how something is reported. What is reported is decided by the code that does the work.
"""
