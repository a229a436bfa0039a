"""The image and its compose file, without a container engine: pinned, not root, read-only, and no setting left out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.cli.reference import SET_IN_THE_IMAGE
from adapters.shared.config import Installation, secrets, unknown
from adapters.shared.environment import BY_FILE, variable

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
BASE = "python:3.11-slim-bookworm"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, each with what follows it; comments and broken lines put right."""
    text = re.sub(r"^#.*\n", "", (DOCKER / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(first, rest) for first, rest in lines]


def last_stage() -> list[tuple[str, str]]:
    every = instructions()
    begins = max(number for number, (first, _) in enumerate(every) if first == "FROM")
    return every[begins:]


def given(name: str) -> list[str]:
    return [rest for first, rest in last_stage() if first == name]


@pytest.fixture(scope="module")
def services() -> Any:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]


def explained() -> dict[str, str]:
    """What `.env.example` offers: each variable, with its value."""
    lines = re.findall(r"^#([A-Z_]+)=(.*)$", (DOCKER / ".env.example").read_text(), re.MULTILINE)
    assert len(dict(lines)) == len(lines), "one is there twice"
    return dict(lines)


def test_every_stage_is_on_the_same_base() -> None:
    stages = [rest.split()[0] for first, rest in instructions() if first == "FROM"]
    assert len(stages) > 1
    assert set(stages) == {BASE}


def test_everything_installed_is_pinned_with_its_hash() -> None:
    runs = " && ".join(rest for first, rest in instructions() if first == "RUN")
    installs = [shlex.split(each) for each in runs.split("&&") if " install " in each and "pip" in each]
    installs = [each for each in installs if each[0].endswith("pip")]
    locked, itself = installs
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(locked)
    assert locked[-2:] == ["-r", "requirements/run.txt"]
    assert {"--no-deps", "--no-build-isolation"} <= set(itself)
    assert itself[-1] == "."
    lock = re.sub(r"\\\n", " ", (ROOT / "requirements" / "run.txt").read_text())
    pins = [line for line in lock.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert pins
    assert all(re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:", pin) for pin in pins)


def test_what_is_copied_is_in_the_context_and_no_test_is() -> None:
    ignoring = (ROOT / ".dockerignore").read_text().split("\n")
    assert "*" in ignoring
    sent = {line.removeprefix("!") for line in ignoring if line.startswith("!")}
    copied = {
        source
        for first, rest in instructions()
        if first == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    assert copied == sent
    assert all((ROOT / source).exists() for source in sent)
    assert not any(source.startswith(("tests", "docs")) for source in sent)


def test_it_is_not_root_and_writes_to_its_volume_alone() -> None:
    assert given("USER") == ["10001:10001"]
    assert given("VOLUME") == ['["/data"]']
    environment = dict(each.split("=", 1) for each in shlex.split(" ".join(given("ENV"))))
    assert environment["WGBOT_DATA"] == environment["TMPDIR"] == "/data"
    assert not list(unknown(environment))
    ours = {name for name in environment if name.startswith("WGBOT_")}
    assert ours == {variable(name) for name in SET_IN_THE_IMAGE}
    assert Installation.of(environment).http_host == "0.0.0.0"  # noqa: S104 - inside, where a port is published by choice


def test_its_health_is_whether_it_lives() -> None:
    (check,) = given("HEALTHCHECK")
    assert "/health/live" in check


def test_no_registry_and_no_address_is_named(services: Any) -> None:
    for path in (DOCKER / "Dockerfile", DOCKER / "compose.yaml"):
        hosts = re.findall(r"https?://([^/:'\s]+)", path.read_text())
        assert set(hosts) <= {"127.0.0.1"}, path.name
    assert services["postgres"]["image"].startswith("postgres:18")


def test_the_service_is_held_as_tight_as_the_image_allows(services: Any) -> None:
    service = services["wgbot"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [each.split(":")[1] for each in service["volumes"] if not each.endswith(":ro")] == ["/data"]
    assert (ROOT / "docker" / service["build"]["context"] / service["build"]["dockerfile"]).samefile(
        DOCKER / "Dockerfile"
    )


def test_the_homeserver_is_for_a_trial_and_stays_on_this_machine(services: Any) -> None:
    assert [name for name, each in services.items() if each.get("profiles") == ["matrix"]] == ["synapse"]
    assert all(port.startswith("127.0.0.1:") for port in services["synapse"]["ports"])


def test_figures_are_looked_at_from_this_machine(services: Any) -> None:
    looking = {name: each for name, each in services.items() if each.get("profiles") == ["metrics"]}
    assert set(looking) == {"prometheus", "grafana"}
    assert all(port.startswith("127.0.0.1:") for each in looking.values() for port in each["ports"])
    assert not services["wgbot"]["ports"][0].endswith(":9464")


def test_its_secrets_are_files(services: Any) -> None:
    environment = services["wgbot"]["environment"]
    assert environment == {"WGBOT_DATABASE_FILE": "/run/secrets/database"}
    assert "./secrets:/run/secrets:ro" in services["wgbot"]["volumes"]
    assert "POSTGRES_PASSWORD" not in services["postgres"]["environment"]


def test_every_variable_is_explained(services: Any) -> None:
    offered = explained()
    used = set(re.findall(r"\$\{([A-Z_]+)", (DOCKER / "compose.yaml").read_text()))
    hidden = secrets()
    settings = {variable(name) + (BY_FILE if name in hidden else "") for name in Installation.model_fields}
    assert set(offered) == used | settings
    text = (DOCKER / ".env.example").read_text()
    for field in Installation.model_fields.values():
        assert f"# {field.description}\n" in text


def test_what_is_explained_can_be_used(tmp_path: Path) -> None:
    plain = {name: value for name, value in explained().items() if not name.endswith(BY_FILE)}
    Installation.of(plain)
    named = {name: value for name, value in explained().items() if name.endswith(BY_FILE)}
    assert all(value.startswith("/run/secrets/") for value in named.values())
    assert not list(unknown(explained()))
