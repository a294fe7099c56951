"""A local Slack and a local Kubernetes, both real, started for a newcomer and for the tests; the bot runs on them.

Everything listens on 127.0.0.1 only, and nothing outlives the process that started it.
"""
