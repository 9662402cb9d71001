"""A server of Terraform's plugin protocol 6.10 for providers that are written against `tf`.

`authoring` is what a provider's author imports, `go_plugin` runs the process, `calls` answers. It serves resources,
data sources, list resources and actions: no functions, ephemeral resources or state stores, and no nested blocks.
"""
