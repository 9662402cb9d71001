"""httpx and httpx-retries as this client uses them: synchronously, and as libraries.

httpx loads its command line, with click and pygments, where those are installed, and httpx-retries an event loop: a
third of the time that both take. Import them from here, so that no process pays for it.
"""

from terraform_provider_ecgrid.deferred import absent, deferred

with absent("httpx._main"), deferred("asyncio"):
    import httpx as httpx
    import httpx_retries as httpx_retries
