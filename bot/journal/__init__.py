"""What was asked, what was understood, decided and answered. The only importer of SQLAlchemy.

An input is one row from before its ack to after its reply, so that a restart finds what was accepted and not answered.
"""

from bot.journal.journal import Decision, Input, Journal, Kind, Pending

__all__ = ["Decision", "Input", "Journal", "Kind", "Pending"]
