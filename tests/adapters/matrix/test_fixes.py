"""Each fault of nio's that is mended: nio as it is has it, ours has not. When one of nio's passes, its fix can go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import vodozemac
from nio.client.base_client import Client, ClientConfig
from nio.crypto import OlmDevice, Sas, SasState
from nio.crypto.olm_machine import Olm
from nio.events import KeyVerificationStart, ToDeviceEvent
from nio.responses import KeysClaimResponse, KeysQueryResponse, SyncResponse
from nio.store import SqliteMemoryStore, SqliteStore

from adapters.matrix.fixes import MendedOlm, MendedSas, canonical, unpadded

Json = dict[str, Any]
Make = Callable[[str, str], Any]


@pytest.fixture(params=[pytest.param(Olm, id="nio"), pytest.param(MendedOlm, id="mended")])
def kind(request: pytest.FixtureRequest) -> type[Olm]:
    found: type[Olm] = request.param
    return found


@pytest.fixture
def make(kind: type[Olm]) -> Iterator[Make]:
    """Makes devices of a kind."""
    stores: list[Any] = []

    def made(user: str, device: str) -> Any:
        stores.append(SqliteMemoryStore(user, device))
        return kind(user, device, stores[-1])

    yield made
    for each in stores:
        each.database.close()


def mended(kind: type[Any]) -> bool:
    return kind in (MendedOlm, MendedSas)


def raises(kind: type[Any], *errors: type[BaseException]) -> Any:
    """Raised by nio as it is, and not by ours."""
    from contextlib import nullcontext

    return nullcontext() if mended(kind) else pytest.raises(errors)


def encrypted(sender: str, key: str, body: str) -> Any:
    content = {
        "algorithm": "m.olm.v1.curve25519-aes-sha2",
        "sender_key": key,
        "ciphertext": {key: {"type": 0, "body": body}},
    }
    return ToDeviceEvent.parse_event({"type": "m.room.encrypted", "sender": sender, "content": content})


def keys_of(olm: Any) -> Json:
    keys: Json = MendedOlm.device_keys(olm)
    return keys


def test_a_malformed_message_to_the_device_stops_nothing(kind: type[Olm], make: Make) -> None:
    olm = make("@wg:one", "BOT")
    event = encrypted("@mallory:one", olm.account.identity_keys["curve25519"], "no message at all")
    with raises(kind, ValueError):
        assert olm.handle_to_device_event(event) is None


def test_a_key_that_is_no_key_is_not_valid(kind: type[Olm], make: Make) -> None:
    olm = make("@wg:one", "BOT")
    signed = {"key": "x", "signatures": {"@m:one": {"ed25519:D": "é"}}}
    with raises(kind, ValueError):
        assert not olm.verify_json(signed, "no key", "@m:one", "D")


@pytest.mark.parametrize(
    "garbage",
    [
        {"user_id": "@m:one", "device_id": "D", "keys": {"ed25519:D": 3, "curve25519:D": []}, "signatures": {"@m:one": {"ed25519:D": "c"}}},
        {"keys": {"ed25519:D": "?", "curve25519:D": "?"}},
        {"user_id": "@m:one", "device_id": "D", "keys": {"ed25519:D": "a", "curve25519:D": "b"}, "signatures": {"@m:one": {"ed25519:D": "c"}}},
    ],
)  # fmt: skip
def test_garbage_device_keys_stop_nothing(kind: type[Olm], make: Make, garbage: Json) -> None:
    olm = make("@wg:one", "BOT")
    with raises(kind, ValueError, TypeError, KeyError):
        olm.handle_response(KeysQueryResponse({"@m:one": {"D": garbage}}, {}))
        assert not list(olm.device_store.active_user_devices("@m:one"))


def test_a_garbage_one_time_key_keeps_nobody_from_sessions(kind: type[Olm], make: Make) -> None:
    olm, ana, mallory = make("@wg:one", "BOT"), make("@ana:one", "ANA"), make("@m:one", "D")
    keys = {each.user_id: {each.device_id: keys_of(each)} for each in (ana, mallory)}
    olm.handle_response(KeysQueryResponse(keys, {}))
    ana.account.generate_one_time_keys(1)
    bad: Json = {"key": "no key"}
    bad["signatures"] = {"@m:one": {"ed25519:D": mallory.sign_json(bad)}}
    (name, key) = next(iter(ana.account.one_time_keys["curve25519"].items()))
    good: Json = {"key": key}
    good["signatures"] = {"@ana:one": {"ed25519:ANA": ana.sign_json(good)}}
    answer = {"@m:one": {"D": {"signed_curve25519:X": bad}}, "@ana:one": {"ANA": {f"signed_curve25519:{name}": good}}}
    with raises(kind, ValueError):
        olm.handle_response(KeysClaimResponse(answer, {}))
        assert olm.session_store.get(ana.account.identity_keys["curve25519"])
        assert not olm.session_store.get(mallory.account.identity_keys["curve25519"])


def test_no_keys_left_at_the_homeserver_is_a_number(tmp_path: Path) -> None:
    """nio's client takes 0 for "not said"."""
    client = Client("@wg:one", "BOT", str(tmp_path), ClientConfig(store=SqliteStore))
    client.restore_login("@wg:one", "BOT", "token")
    client.olm.account.shared = True
    client.olm.uploaded_key_count = 50
    answer = {"next_batch": "1", "device_one_time_keys_count": {"signed_curve25519": 0}}
    client.receive_response(SyncResponse.from_dict(answer))
    assert not client.should_upload_keys
    client.store.database.close()


def test_keys_uploaded_before_a_kill_are_those_after_it(kind: type[Olm], tmp_path: Path) -> None:
    def upload() -> Json:
        store = SqliteStore("@wg:one", "BOT", str(tmp_path))
        content: Json = kind("@wg:one", "BOT", store).share_keys()
        store.database.close()  # killed before the homeserver's answer came
        keys: Json = content["one_time_keys"]
        return keys

    first, again = upload(), upload()
    assert (first.items() <= again.items()) is mended(kind)


def test_a_fallback_key_is_uploaded(kind: type[Olm], make: Make) -> None:
    olm = make("@wg:one", "BOT")
    olm.account.shared, olm.uploaded_key_count, olm.fallback_wanted = True, olm.account.max_one_time_keys, True
    if not mended(kind):
        assert not olm.should_upload_keys
        return
    content = olm.share_keys()
    assert olm.should_upload_keys
    assert not content["one_time_keys"]
    (key,) = content["fallback_keys"].values()
    assert key["fallback"] is True
    assert olm.verify_json(key, olm.account.identity_keys["ed25519"], "@wg:one", "BOT")


def test_a_key_of_a_session_is_not_replaced_by_a_later_one(kind: type[Olm], make: Make) -> None:
    olm = make("@wg:one", "BOT")
    session = vodozemac.GroupSession()
    early = session.session_key.to_base64()
    message = session.encrypt(b"first").to_base64()
    late = session.session_key.to_base64()
    olm.create_group_session("curve", "ed", "!room", session.session_id, early)
    olm.create_group_session("curve", "ed", "!room", session.session_id, late)
    kept = olm.inbound_group_store.get("!room", "curve", session.session_id)
    with raises(kind, ValueError):
        assert kept.decrypt(message) == ("first", 0)


def test_a_key_of_a_session_is_not_taken_from_another_device(kind: type[Olm], make: Make) -> None:
    olm = make("@wg:one", "BOT")
    session = vodozemac.GroupSession()
    key = session.session_key.to_base64()
    olm.create_group_session("curve", "ed", "!room", session.session_id, key)
    olm.create_group_session("mallory", "ed", "!room", session.session_id, key)
    assert (olm.inbound_group_store.get("!room", "mallory", session.session_id) is None) is mended(kind)


def test_a_device_that_is_there_again_is_there(kind: type[Olm], make: Make) -> None:
    olm, ana = make("@wg:one", "BOT"), make("@ana:one", "ANA")
    for devices in ({"ANA": keys_of(ana)}, {}, {"ANA": keys_of(ana)}):
        olm.handle_response(KeysQueryResponse({"@ana:one": devices}, {}))
    assert bool(list(olm.device_store.active_user_devices("@ana:one"))) is mended(kind)


# --- verification by comparing emoji ----------------------------------------------------------------------------------

START: Json = {
    "from_device": "ANA",
    "method": "m.sas.v1",
    "transaction_id": "t",
    "key_agreement_protocols": ["curve25519-hkdf-sha256"],
    "hashes": ["sha256"],
    "message_authentication_codes": ["hkdf-hmac-sha256", "hkdf-hmac-sha256.v2"],
    "short_authentication_string": ["emoji", "decimal"],
}
INFO = "MATRIX_KEY_VERIFICATION_MAC"


@pytest.fixture(params=[pytest.param(Sas, id="nio"), pytest.param(MendedSas, id="mended")])
def sas_kind(request: pytest.FixtureRequest) -> type[Sas]:
    found: type[Sas] = request.param
    return found


class Other:
    """The other side, by the specification, with vodozemac alone."""

    def __init__(self, kind: type[Sas]) -> None:
        self.keys = {"ed25519": vodozemac.Account().ed25519_key.to_base64(), "curve25519": "c"}
        device = OlmDevice("@ana:one", "ANA", self.keys)
        event = KeyVerificationStart.from_dict(
            {"type": "m.key.verification.start", "sender": "@ana:one", "content": START}
        )
        self.sas = kind.from_key_verification_start("@wg:one", "BOT", "fingerprint", device, event)
        self.accepted = self.sas.accept_verification().content
        mine = vodozemac.Sas()
        self.public = mine.public_key.to_base64()
        self.sas.receive_key_event(SimpleNamespace(key=self.public, transaction_id="t", sender="@ana:one"))
        self.established = mine.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(self.sas.pubkey))

    def vouch(self, keys: dict[str, str]) -> None:
        info = f"{INFO}@ana:oneANA@wg:oneBOTt"
        mac = {name: self.established.calculate_mac(key, info + name) for name, key in keys.items()}
        listed = self.established.calculate_mac(",".join(sorted(keys)), info + "KEY_IDS")
        self.sas.receive_mac_event(SimpleNamespace(mac=mac, keys=listed, transaction_id="t", sender="@ana:one"))


def test_the_commitment_is_base64(sas_kind: type[Sas]) -> None:
    from hashlib import sha256

    other = Other(sas_kind)
    expected = unpadded(sha256(other.sas.pubkey.encode() + canonical(START).encode()).digest())
    assert (other.accepted["commitment"] == expected) is mended(sas_kind)


def test_the_newer_method_of_macs_is_chosen_by_its_name(sas_kind: type[Sas]) -> None:
    other = Other(sas_kind)
    assert (other.accepted["message_authentication_code"] == "hkdf-hmac-sha256.v2") is mended(sas_kind)


def test_both_sides_see_the_same_emoji(sas_kind: type[Sas]) -> None:
    other = Other(sas_kind)
    info = f"MATRIX_KEY_VERIFICATION_SAS|@ana:one|ANA|{other.public}|@wg:one|BOT|{other.sas.pubkey}|t"
    indices = other.established.bytes(info).emoji_indices
    expected = [Sas.emoji[index] for index in indices]
    assert (other.sas.get_emoji() == expected) is mended(sas_kind)


def test_who_vouches_for_no_known_key_has_verified_nothing(sas_kind: type[Sas]) -> None:
    other = Other(sas_kind)
    other.sas.accept_sas()
    other.vouch({"ed25519:ANOTHER": "key"})
    assert other.sas.verified is not mended(sas_kind)


def test_who_vouches_for_the_device_has() -> None:
    other = Other(MendedSas)
    other.sas.accept_sas()
    other.vouch({"ed25519:ANA": other.keys["ed25519"], "ed25519:master": "key"})
    assert other.sas.verified
    assert other.sas.state is SasState.mac_received
