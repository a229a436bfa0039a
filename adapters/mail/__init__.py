"""Mail as a platform: members without Slack or Matrix are told everything by mail, and take part by replying."""
