from __future__ import annotations

from typing import Any

from terraform_provider_ecgrid.plugin.codec import values
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.scripted import ScriptedProvider
from tests.unit.plugin.client import Client, errors


def test_data_source_reads_or_says_that_it_found_nothing() -> None:
    client = Client(ToyProvider())
    answer = client.call("ReadDataSource", type_name="toy_greeting", config={"name": "Ada", "text": None})
    assert values.decode(answer.state) == {"name": "Ada", "text": "toy Ada"}
    answer = client.call("ReadDataSource", type_name="toy_greeting", config={"name": "nobody", "text": None})
    assert errors(answer) == ["No data"]


def test_data_source_reads_objects() -> None:
    def does(ctx: Any, config: Any) -> Any:
        return {"name": config["name"], "things": [{"id": 2**80, "name": None}, {"id": 1}]}

    answer = Client(ScriptedProvider(read_data=does)).call(
        "ReadDataSource", type_name="test_source", config={"name": "x", "things": None}
    )
    assert values.decode(answer.state) == {
        "name": "x",
        "things": [{"id": str(2**80), "name": None}, {"id": 1, "name": None}],
    }
