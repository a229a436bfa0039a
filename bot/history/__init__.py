"""What happened in a working group, in words: the facts of the log, told one by one."""
