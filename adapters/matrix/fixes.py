"""What matrix-nio 0.26 gets wrong, put right: its Olm machine and its short-string verification, as subclasses.

Each method here names the fault it mends; `tests/adapters/matrix/test_fixes.py` shows that nio as it is has it, so that
a fault which a newer nio no longer has is noticed. Nothing of nio is changed for others.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import vodozemac
from nio.api import Api
from nio.crypto import OlmDevice, Sas, SasState
from nio.crypto.olm_machine import Olm
from nio.event_builders import ToDeviceMessage
from nio.responses import KeysClaimResponse, KeysQueryResponse

log = logging.getLogger(__name__)

# it writes messages that it cannot read into the log, and who does what; what matters of it is said here and in `machine`
logging.getLogger("nio").setLevel(logging.CRITICAL)

SIGNED: Final = "signed_curve25519"


def canonical(value: Mapping[str, Any]) -> str:
    """Canonical JSON, over which Matrix signs; without what is never signed."""
    return str(
        Api.to_canonical_json({key: each for key, each in value.items() if key not in ("signatures", "unsigned")})
    )


def unpadded(data: bytes) -> str:
    """Base64 as Matrix writes it."""
    return base64.b64encode(data).decode().rstrip("=")


class MendedOlm(Olm):  # type: ignore[misc]  # nio carries no types
    """nio's Olm machine, which no other user's garbage stops, and which a kill at any moment leaves usable."""

    _maxToDeviceMessagesPerRequest = 100  # noqa: N815 — nio's name; its 20 make a thousand devices fifty requests

    fallback_wanted = False
    """Whether the server has no unused fallback key of ours."""

    def handle_to_device_event(self, event: Any) -> Any:
        """nio raises on a malformed message, and its sync loop ends: with every start anew, since it is delivered again."""
        try:
            return super().handle_to_device_event(event)
        except Exception as error:  # whatever a stranger's message makes nio or vodozemac raise
            log.warning("a message to this device was dropped: %s", type(error).__name__)
            return None

    def verify_json(self, json: Any, user_key: str, user_id: str, device_id: str) -> bool:
        """nio raises where a key or a signature is no Base64, and leaves the object without its signatures."""
        if not isinstance(json, dict):
            return False
        try:
            return bool(super().verify_json(dict(json), user_key, user_id, device_id))
        except (ValueError, TypeError, AttributeError):
            return False

    def _handle_key_query(self, response: KeysQueryResponse) -> None:
        """nio raises on device keys of other types, and on garbage keys later, when it makes a session with them.

        A device that it once marked as deleted stays so for it, though it be there again.
        """
        response.device_keys = {
            user: {name: keys for name, keys in devices.items() if _device_is_sound(name, keys)}
            for user, devices in response.device_keys.items()
            if isinstance(devices, dict)
        }
        for user, devices in response.device_keys.items():
            for name in devices.keys() & self.device_store[user].keys():
                self.device_store[user][name].deleted = False
        super()._handle_key_query(response)

    def _handle_key_claiming(self, response: KeysClaimResponse) -> None:
        """nio raises on a one-time key that is garbage, and no session is made with anybody."""
        response.one_time_keys = {
            user: {name: keys for name, keys in devices.items() if _claimed_is_sound(keys)}
            for user, devices in response.one_time_keys.items()
            if isinstance(devices, dict)
        }
        super()._handle_key_claiming(response)

    def create_group_session(
        self, sender_key: str, sender_fp_key: str, room_id: str, session_id: str, session_key: str
    ) -> None:
        """nio lets a key of the same session replace an earlier one: from a later message on, or another device's."""
        known = self.inbound_group_store[room_id]
        if any(session_id in sessions for sender, sessions in known.items() if sender != sender_key):
            log.warning("a key of a session that is another device's was dropped")
            return
        before = known[sender_key].get(session_id)
        if before is not None:
            session = vodozemac.InboundGroupSession(vodozemac.SessionKey(session_key))
            if before.first_known_index <= session.first_known_index:
                return
        super().create_group_session(sender_key, sender_fp_key, room_id, session_id, session_key)

    def _should_accept_forward(self, sender: str, sender_key: str, event: Any) -> bool:
        """nio takes a key it asked for only from its own user's devices; whose session it is may give it, too."""
        asked = self.outgoing_key_requests.get(event.session_id)
        if (
            asked is not None
            and event.algorithm == asked.algorithm
            and event.room_id == asked.room_id
            and event.source["content"].get("sender_key") == sender_key
        ):
            device = self.device_store.device_from_sender_key(sender, sender_key)
            claimed = event.source["content"].get("sender_claimed_ed25519_key")
            return device is not None and bool(device.ed25519 == claimed)
        return bool(super()._should_accept_forward(sender, sender_key, event))

    @property
    def should_upload_keys(self) -> bool:
        """nio takes a count of 0 for none given, and never uploads again; it knows no fallback keys."""
        if not self.account.shared or self.fallback_wanted:
            return True
        return self.uploaded_key_count is not None and self.uploaded_key_count < self.account.max_one_time_keys

    def device_keys(self) -> dict[str, Any]:
        """This device's public keys, signed by it."""
        keys: dict[str, Any] = {
            "algorithms": self._algorithms,
            "device_id": self.device_id,
            "user_id": self.user_id,
            "keys": {f"{kind}:{self.device_id}": key for kind, key in self.account.identity_keys.items()},
        }
        keys["signatures"] = {self.user_id: {f"ed25519:{self.device_id}": self.sign_json(keys)}}
        return keys

    def share_keys(self) -> dict[str, Any]:
        """nio keeps new keys only after the server has them: killed between, it offers others under the same ids for ever."""
        account = self.account._account
        content: dict[str, Any] = {} if self.account.shared else {"device_keys": self.device_keys()}
        missing = self.account.max_one_time_keys - (self.uploaded_key_count or 0)
        if not account.one_time_keys and missing > 0:
            account.generate_one_time_keys(missing)
        if self.fallback_wanted and not account.fallback_key:
            account.generate_fallback_key()
        self.save_account()
        content["one_time_keys"] = {
            f"{SIGNED}:{name}": self._signed({"key": key.to_base64()}) for name, key in account.one_time_keys.items()
        }
        if self.fallback_wanted:
            content["fallback_keys"] = {
                f"{SIGNED}:{name}": self._signed({"key": key.to_base64(), "fallback": True})
                for name, key in account.fallback_key.items()
            }
        return content

    def _signed(self, key: dict[str, Any]) -> dict[str, Any]:
        return {**key, "signatures": {self.user_id: {f"ed25519:{self.device_id}": self.sign_json(key)}}}


class MendedSas(Sas):  # type: ignore[misc]  # the same
    """nio's short-string verification, as the specification and other clients have it.

    nio writes commitments in hexadecimal, computes emoji from the wrong bits and MACs by the newer method under the
    older one's name; and it vouches for its device only, where other clients want the user's master key.
    """

    _mac_v2 = "hkdf-hmac-sha256.v2"
    _mac_v1 = [_mac_v2, Sas._mac_normal]  # noqa: RUF012 — nio's own

    @classmethod
    def from_key_verification_start(
        cls, own_user: str, own_device: str, own_fp_key: str, other_olm_device: OlmDevice, event: Any
    ) -> MendedSas:
        """See `Sas`."""
        made = super().from_key_verification_start(own_user, own_device, own_fp_key, other_olm_device, event)
        assert isinstance(made, MendedSas)  # noqa: S101 — nio makes one of its `cls`
        made.commit(event.source["content"])
        return made

    def commit(self, start: Mapping[str, Any]) -> None:
        """Bind ourselves to our key, over the message that began the verification as it was sent."""
        self.commitment = _commitment(self.pubkey, start)

    def _check_commitment(self, key: str) -> bool:
        return bool(self.commitment == _commitment(key, self.start_verification().content))

    def _generate_emoji(self, extra_info: str) -> list[tuple[str, str]]:
        return [self.emoji[index] for index in self._agreed().bytes(extra_info).emoji_indices]

    def _agreed(self) -> vodozemac.EstablishedSas:
        if self.established_sas is None:
            raise ValueError("the other side's key has not come yet")
        established: vodozemac.EstablishedSas = self.established_sas
        return established

    def accept_verification(self) -> ToDeviceMessage:
        """See `Sas`."""
        message = super().accept_verification()
        if self._mac_v2 in self.mac_methods:
            self.chosen_mac_method = self._mac_v2
            message.content["message_authentication_code"] = self._mac_v2
        return message

    def mac(self, text: str, info: str) -> str:
        """The MAC by the method agreed upon."""
        if self.chosen_mac_method == self._mac_v2:
            return str(self._agreed().calculate_mac(text, info))
        return str(self._agreed().calculate_mac_invalid_base64(text, info))

    def get_mac(self) -> ToDeviceMessage:
        """See `Sas`."""
        return self.vouching({f"ed25519:{self.own_device}": self.own_fp_key})

    def vouching(self, keys: Mapping[str, str]) -> ToDeviceMessage:
        """Our word for keys of ours: those of the device, and the user's master key."""
        other = self.other_olm_device
        info = f"MATRIX_KEY_VERIFICATION_MAC{self.own_user}{self.own_device}{other.user_id}{other.id}"
        info += self.transaction_id
        content = {
            "mac": {name: self.mac(key, info + name) for name, key in keys.items()},
            "keys": self.mac(",".join(sorted(keys)), info + "KEY_IDS"),
            "transaction_id": self.transaction_id,
        }
        return ToDeviceMessage("m.key.verification.mac", other.user_id, other.id, content)

    def receive_mac_event(self, event: Any) -> None:
        """See `Sas`. nio also takes a message that vouches for no key it knows for a success."""
        if self.verified or not self._event_ok(event):
            return
        if self.state is not SasState.key_received:
            self._cancelled(self._unexpected_message_error)
            return
        other = self.other_olm_device
        info = f"MATRIX_KEY_VERIFICATION_MAC{other.user_id}{other.id}{self.own_user}{self.own_device}"
        info += self.transaction_id
        name = f"ed25519:{other.id}"
        if event.keys != self.mac(",".join(sorted(event.mac)), info + "KEY_IDS") or event.mac.get(name) != self.mac(
            other.ed25519, info + name
        ):
            self._cancelled(self._key_mismatch_error)
            return
        self.verified_devices.append(other.id)
        self.state = SasState.mac_received

    state: SasState

    def _cancelled(self, why: tuple[str, str]) -> None:
        self.state = SasState.canceled
        self.cancel_code, self.cancel_reason = why


def _commitment(key: str, start: Mapping[str, Any]) -> str:
    return unpadded(sha256(key.encode() + Api.to_canonical_json(start).encode()).digest())


def _device_is_sound(name: str, keys: Any) -> bool:
    """Whether a device's public keys are keys at all."""
    try:
        vodozemac.Curve25519PublicKey.from_base64(keys["keys"][f"curve25519:{name}"])
        vodozemac.Ed25519PublicKey.from_base64(keys["keys"][f"ed25519:{name}"])
        display_name = keys.get("unsigned", {}).get("device_display_name", "")
        return all(isinstance(keys[each], str) for each in ("user_id", "device_id")) and isinstance(
            display_name, str | None
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _claimed_is_sound(keys: Any) -> bool:
    """Whether a claimed one-time key is a key at all."""
    try:
        vodozemac.Curve25519PublicKey.from_base64(next(iter(keys.values()))["key"])
        return True
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return False
