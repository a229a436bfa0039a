"""The public record: what a community's working groups did, as pages anybody may read. It reads through the core's ports only."""
