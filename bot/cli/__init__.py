"""The groups of the command line. Imports are inside the commands, so that each starts with only what it needs."""
