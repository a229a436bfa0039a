"""Matrix: rooms, encrypted or not, through matrix-nio's cryptography and the client-server API."""
