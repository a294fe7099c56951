"""Timonier: a Slack bot for a Kubernetes course.

Layers, each importing only what stands below it (import-linter holds them):
__main__ → playground → app → slack → settings → helpdesk → knowledge | sandbox | journal → errors → language
"""

__version__ = "0.1.0"
