"""Values, states and schemas, between the wire and Python."""
