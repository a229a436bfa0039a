"""The commands, one file per family: `bot.families` says which is where, `bot.command.COMMANDS` finds them."""
