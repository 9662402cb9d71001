"""A plugin process as HashiCorp's go-plugin runs one: handshake, TLS, gRPC, router, beginning and end."""
