"""The plugin server with a provider that knows nothing of ECGrid and is written against `tf` alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform
from tests.acceptance.own_provider import offer

CONFIGURED = """
terraform {
  required_providers {
    toy = {
      source = "example/toy"
    }
  }
}

provider "toy" {
  prefix = "hello"
}

data "toy_greeting" "world" {
  name = "world"
}

resource "toy_counter" "one" {
  name    = "a"
  options = jsonencode({ b = 1, a = [true, null] })
}

resource "toy_counter" "greeting" {
  name = data.toy_greeting.world.text
}

resource "toy_counter" "follower" {
  name = "after-${toy_counter.one.value}"
}
"""


@pytest.fixture
def toy(terraform: Terraform, tmp_path: Path) -> Terraform:
    """A Terraform that finds the toy provider."""
    offer(terraform, tmp_path, "example/toy", "tests.toy_provider", "ToyProvider")
    (terraform.folder / "versions.tf").unlink()
    terraform.write(CONFIGURED)
    return terraform


@pytest.mark.parametrize("terraform_version", ["path", "1.6", "1.15"])
def test_a_provider_written_against_tf_is_planned_applied_changed_replaced_and_destroyed(toy: Terraform) -> None:
    plan = toy.plan(expect=2)
    names = ("toy_counter.one", "toy_counter.greeting", "toy_counter.follower")
    assert plan.actions == dict.fromkeys(names, "create")
    assert plan.change("toy_counter.one")["after_unknown"]["value"] is True
    toy.apply()  # which demands an empty second plan
    one = toy.state("toy_counter.one")
    assert (one["id"], one["step"], one["value"]) == ("hello-a", 1, 0), "the configured prefix, and a default"
    assert toy.state("toy_counter.greeting")["name"] == "hello world"
    assert toy.state("toy_counter.follower")["id"] == "hello-after-0"

    toy.write(CONFIGURED.replace("{ b = 1, a = [true, null] }", "{ a = [true, null], b = 1 }"))
    assert toy.plan().empty, "the same JSON in another order"

    toy.write(CONFIGURED.replace('name    = "a"', 'name    = "a"\n  step    = 3'))
    plan = toy.plan(expect=2)
    assert plan.actions == {"toy_counter.one": "update", "toy_counter.follower": "replace"}
    toy.apply()
    assert toy.state("toy_counter.one")["value"] == 3
    assert toy.state("toy_counter.follower")["id"] == "hello-after-3"

    toy.destroy()
    assert toy.instances() == {}


def test_an_import_and_errors_of_a_provider_written_against_tf_reach_the_user(toy: Terraform) -> None:
    toy.import_("toy_counter.one", "hello-a")
    assert toy.state("toy_counter.one")["name"] == "a"
    assert "no toy_counter with the id" in toy.import_("toy_counter.follower", "missing", expect=1).text

    toy.write(CONFIGURED.replace('name    = "a"', 'name    = ""'))
    error = toy.validate(expect=1).error
    assert (error.summary, error.attribute) == ("Empty name", "name")

    toy.write(CONFIGURED.replace('prefix = "hello"', 'prefix = ""'))
    error = toy.validate(expect=1).error
    assert (error.summary, error.attribute) == ("Empty prefix", "prefix")


@needs("functions")
@pytest.mark.parametrize("terraform_version", ["path", "1.15"])
def test_a_function_that_a_provider_does_not_have_is_an_error_of_terraforms_own(toy: Terraform) -> None:
    toy.write(CONFIGURED.replace('name    = "a"', 'name    = "a${provider::toy::twice(21)}"'))
    error = toy.plan(expect=1).error  # OpenTofu's `validate` does not ask the provider what it has
    assert "twice" in error.detail
