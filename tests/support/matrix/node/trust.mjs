// Whom somebody trusts: their own cross-signing identity, other people's, and verification by comparing emoji.
import { VerificationMethod } from "matrix-js-sdk/lib/types.js";
import { VerificationPhase, VerificationRequestEvent, VerifierEvent } from "matrix-js-sdk/lib/crypto-api/verification.js";
import { CryptoEvent } from "matrix-js-sdk/lib/crypto-api/index.js";

export class Trust {
  #requests = [];

  constructor(client, changed, password) {
    this.client = client;
    this.crypto = client.getCrypto();
    this.changed = changed;
    this.password = password;
    client.on(CryptoEvent.VerificationRequestReceived, (request) => this.#follow(request));
  }

  // Makes an identity, or has this device signed by the one there is, when its secrets are to be had.
  crossSign(anew = false) {
    return this.crypto.bootstrapCrossSigning({
      setupNewCrossSigning: anew,
      authUploadDeviceSigningKeys: (upload) => upload({ type: "m.login.password", identifier: { type: "m.id.user", user: this.client.getUserId() }, password: this.password }),
    });
  }

  // A new identity, as after losing everything.
  reset() {
    return this.crossSign(true);
  }

  async of(user) {
    const status = await this.crypto.getUserVerificationStatus(user);
    const devices = (await this.crypto.getUserDeviceInfo([user], true)).get(user) ?? new Map();
    const signed = {};
    for (const id of devices.keys()) {
      const device = await this.crypto.getDeviceVerificationStatus(user, id);
      signed[id] = { signed: device?.signedByOwner ?? false, verified: device?.isVerified() ?? false };
    }
    return { known: status.known, verified: status.isCrossSigningVerified(), changed: status.needsUserApproval, devices: signed };
  }

  async ask({ user, room, device }) {
    const request = device
      ? await this.crypto.requestDeviceVerification(user, device)
      : room
        ? await this.crypto.requestVerificationDM(user, room)
        : await this.crypto.requestOwnUserVerification();
    return this.#follow(request).id;
  }

  verifications() {
    return this.#requests.map((each) => this.#shown(each));
  }

  verification(id) {
    return this.#shown(this.#requests[id]);
  }

  async step(id, step) {
    const each = this.#requests[id];
    switch (step) {
      case "accept":
        return each.request.accept();
      case "start":
        this.#verify(each, await each.request.startVerification(VerificationMethod.Sas));
        return;
      case "confirm":
        return each.sas.confirm();
      case "mismatch":
        return each.sas.mismatch();
      case "cancel":
        return each.request.cancel();
      default:
        throw new Error(`no such step: ${step}`);
    }
  }

  #follow(request) {
    const known = this.#requests.find((each) => each.request === request || (request.transactionId && each.request.transactionId === request.transactionId));
    if (known) return known;
    const each = { id: this.#requests.length, request, verifier: null, sas: null, error: "" };
    this.#requests.push(each);
    const look = () => {
      if (request.phase === VerificationPhase.Started && request.verifier) this.#verify(each, request.verifier);
      this.changed();
    };
    request.on(VerificationRequestEvent.Change, look);
    look();
    return each;
  }

  // Goes as far as it can without the person.
  #verify(each, verifier) {
    if (each.verifier) return;
    each.verifier = verifier;
    verifier.on(VerifierEvent.ShowSas, (sas) => {
      each.sas = sas;
      this.changed();
    });
    verifier
      .verify()
      .catch((error) => (each.error = String(error?.message ?? error)))
      .finally(this.changed);
  }

  #shown({ id, request, sas, error }) {
    return {
      id,
      other: request.otherUserId,
      device: request.otherDeviceId ?? "",
      room: request.roomId ?? "",
      mine: request.initiatedByMe,
      phase: VerificationPhase[request.phase],
      emoji: (sas?.sas.emoji ?? []).map(([emoji]) => emoji),
      numbers: sas?.sas.decimal ?? [],
      cancelled: request.cancellationCode ?? "",
      error,
    };
  }
}
