"""The core of wgbot: decides, and knows no platform, no database and no clock but the one it is given."""
