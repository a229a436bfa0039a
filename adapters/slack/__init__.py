"""Slack: commands, clicks and forms in; messages, windows and the home tab out. Built on Bolt and Slack's own SDK."""
