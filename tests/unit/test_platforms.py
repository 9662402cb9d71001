"""How a platform is named."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.platforms import check_platform


@pytest.mark.parametrize("name", ["linux_amd64", "darwin_arm64", "windows_386", "linux_ppc64le"])
def test_terraforms_own_names_are_taken(name: str) -> None:
    assert check_platform(name) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("linux_x86_64", "Did you mean linux_amd64?"),
        ("Darwin_aarch64", "Did you mean darwin_arm64?"),
        ("darwin_386", "The platforms of darwin are darwin_amd64, darwin_arm64."),
        ("linux", "The platforms of linux are"),
        ("macos_arm64", "Write OS_ARCH, such as darwin_arm64. OS is one of: darwin,"),
        ("linux-amd64", "Write OS_ARCH"),
        ("", "Write OS_ARCH"),
        ("../linux_amd64", "Write OS_ARCH"),
    ],
)
def test_another_name_is_refused_with_a_way_out(name: str, words: str) -> None:
    with pytest.raises(ValueError, match="is not a platform") as refused:
        check_platform(name)
    assert words in str(refused.value)
    assert repr(name) in str(refused.value)
