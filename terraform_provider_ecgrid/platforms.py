"""The platforms that Terraform runs on, as it spells them: `OS_ARCH`."""

from __future__ import annotations

_ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "386",
    "i686": "386",
}
# Go's platforms of the systems that Terraform and OpenTofu support.
_PLATFORMS = {
    "darwin": "amd64 arm64",
    "freebsd": "386 amd64 arm arm64 riscv64",
    "linux": "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x",
    "netbsd": "386 amd64 arm arm64",
    "openbsd": "386 amd64 arm arm64 ppc64 riscv64",
    "solaris": "amd64",
    "windows": "386 amd64 arm64",
}


def own_platforms(system: str, machine: str) -> tuple[str, ...]:
    """The platforms that Terraform's own executable may be built for."""
    if system == "darwin":
        return ("darwin_arm64", "darwin_amd64")  # an Intel Terraform runs on Apple silicon too
    return (f"{system}_{architecture(machine)}",)


def check_platform(name: str) -> str:
    """Give back the name of a platform, like `darwin_arm64`. Raises `ValueError`, with a sentence, for another name."""
    system, _, machine = name.partition("_")
    known = {kind: [f"{kind}_{one}" for one in machines.split()] for kind, machines in _PLATFORMS.items()}
    names = known.get(system.lower())
    if names is None:
        raise ValueError(
            f"{name!r} is not a platform. Write OS_ARCH, such as darwin_arm64. OS is one of: {', '.join(known)}."
        )
    if name in names:
        return name
    meant = f"{system.lower()}_{architecture(machine)}"
    advice = (
        f"Did you mean {meant}?" if meant in names else f"The platforms of {system.lower()} are {', '.join(names)}."
    )
    raise ValueError(f"{name!r} is not a platform. {advice}")


def architecture(machine: str) -> str:
    """Give Terraform's name of an architecture; `machine` is as in `platform.machine()`."""
    name = machine.lower()
    return _ARCHITECTURES.get(name) or ("arm" if name.startswith("arm") else name)
