"""The page for people."""

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api


def test_the_page_shows_registrations_and_neither_secrets_nor_markup_of_theirs(sandbox: Sandbox) -> None:
    sandbox.store.put(
        url="https://example.com/<b>?token=hidden", username="hidden", password="hidden", httpAuthType="Basic"
    )
    page = Api(sandbox, Accept="text/html").send("GET", "/").text
    assert "<td>https://app.example.com/webhooks/ecgrid</td>" in page
    assert "<td>https://example.com/&lt;b&gt;</td>" in page
    assert "Basic (held: username and password)" in page
    assert "hidden" not in page


def test_the_page_survives_an_empty_sandbox(sandbox: Sandbox, api: Api) -> None:
    sandbox.store.remove(7001)
    assert "None.</td>" in api.send("GET", "/").text


def test_a_name_that_is_not_loopback_is_refused(sandbox: Sandbox, api: Api) -> None:
    assert api.send("GET", "/", headers={"Host": "evil.example"}).status_code == 400
    assert api.send("GET", "/v2/auth/version", headers={"Host": "localhost:80"}).status_code == 200
