"""Which spellings of a URL are one endpoint."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.callback.urls import is_same_endpoint, origin_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example.com/hook", "HTTPS://A.example.com:443/hook/"),
        ("https://a.example.com", "https://a.example.com/"),
        ("https://a.example.com/%7Euser", "https://a.example.com/~user"),
        ("https://a.example.com/a/../b/./c", "https://a.example.com/b/c"),
        ("https://a.example.com/a/%2E%2E/b", "https://a.example.com/b"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://a.example.com/?q=ä&r=1", "https://a.example.com/?q=%c3%A4&r=1"),
        ("https://a.example.com/?q=1&r=2", "https://a.example.com/?r=2&q=1&"),
        ("https://a.example.com/?q=1&r=2", "https://a.example.com/?q=1&amp;r=2"),
        ("https://a.example.com/?q=a%20b", "https://a.example.com/?q=a+b"),
        ("https://a.example.com/a/b", "https://a.example.com//a//b"),
        ("https://a.example.com/", "https://a.example.com./"),
    ],
)
def test_spellings_of_one_endpoint(one: str, other: str) -> None:
    assert is_same_endpoint(one, other)
    assert is_same_endpoint(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, "https://a.example.com/"),
        ("https://a.example.com/Hook", "https://a.example.com/hook"),
        ("https://a.example.com/?t=A", "https://a.example.com/?t=a"),
        ("https://a.example.com/a%2Fb", "https://a.example.com/a/b"),
        ("https://a.example.com/?a=1&a=1", "https://a.example.com/?a=1"),
        ("https://a.example.com/a+b", "https://a.example.com/a%20b"),
        ("https://a.example.com/?a=1%26b=2", "https://a.example.com/?a=1&b=2"),
        ("https://a.example.com/a/b", "https://a.example.com/b"),
        ("https://a.example.com:8443/", "https://a.example.com/"),
        ("https://a.example.com/", "https://b.example.com/"),
        ("https://[a.example.com/", "https://b.example.com:x/"),
        (f"https://{'a' * 64}.example/", f"https://{'b' * 64}.example/"),
    ],
)
def test_different_endpoints(one: str | None, other: str) -> None:
    assert not is_same_endpoint(one, other)


@pytest.mark.parametrize(
    "url",
    ["https://a.example.com\\0k3n", "https://a.example.com%2F0k3n", "https://a.example.com;0k3n"],
)
def test_what_stands_in_the_place_of_a_slash_is_no_host(url: str) -> None:
    assert origin_of(url) == "a URL that cannot be read"


@pytest.mark.parametrize(
    "url", ["https://bücher.example", "https://my_host:8443", "https://[fe80::1%25eth0]", "https://[::1]:8443"]
)
def test_an_origin_is_shown_as_it_is(url: str) -> None:
    assert origin_of(f"{url}/path?query") == url
