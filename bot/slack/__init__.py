"""The Slack surface: listeners, blocks, identity, transport. The only importer of slack_bolt and slack_sdk."""
