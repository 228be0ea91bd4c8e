"""Provide logs, Prometheus metrics, traces, and error reports to Sentry.

This package implements how events are reported. The code that causes an event decides what to report.
"""
