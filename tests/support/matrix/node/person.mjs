// One device of somebody, and what they do with it. It trusts as Element does since April 2026: it neither sends keys to devices
// that their owner has not cross-signed, nor shows what comes from them.
import { ClientEvent, MatrixEventEvent, RoomStateEvent, createClient } from "matrix-js-sdk";
import { CryptoEvent, OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";

import * as files from "./files.mjs";
import * as polls from "./polls.mjs";
import * as seen from "./seen.mjs";
import { Trust } from "./trust.mjs";

const ENCRYPTION = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };

export class Person {
  // `trusted` is another device of theirs that lets this one have their secrets, as the recovery key does in Element.
  static async login({ url, userId, deviceId, token, password, crossSigned }, trusted, changed) {
    const person = new Person();
    person.changed = changed;
    person.secrets = trusted?.secrets ?? {};
    person.client = createClient({
      baseUrl: url,
      userId,
      deviceId,
      accessToken: token,
      timelineSupport: true,
      cryptoCallbacks: {
        getSecretStorageKey: async ({ keys }) => Object.keys(keys).filter((id) => id in person.secrets).map((id) => [id, person.secrets[id]])[0] ?? null,
        cacheSecretStorageKey: (id, _, key) => (person.secrets[id] = key),
      },
    });
    await person.client.initRustCrypto({ useIndexedDB: false });
    person.crypto = person.client.getCrypto();
    person.crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
    person.trust = new Trust(person.client, changed, password);
    person.#listen();
    await person.client.startClient({ initialSyncLimit: 20, lazyLoadMembers: true, threadSupport: false });
    await person.until(() => person.client.isInitialSyncComplete());
    if (trusted) {
      await trusted.keepSecrets();
      await person.trust.crossSign();
    } else if (crossSigned) {
      await person.trust.crossSign();
    }
    return person;
  }

  stop() {
    this.client.stopClient();
  }

  #listen() {
    for (const event of [ClientEvent.Sync, ClientEvent.Room, MatrixEventEvent.Decrypted, RoomStateEvent.Update, CryptoEvent.DevicesUpdated,
      CryptoEvent.UserTrustStatusChanged, CryptoEvent.KeysChanged, CryptoEvent.VerificationRequestReceived]) {
      this.client.on(event, () => this.#bump());
    }
  }

  #waiting = new Set();

  #bump() {
    this.changed();
    for (const look of [...this.#waiting]) look();
  }

  // Resolves once something is so; whoever asked gives up on their own.
  until(condition) {
    return new Promise((resolve) => {
      const look = () => {
        const found = condition();
        if (found) {
          this.#waiting.delete(look);
          resolve(found);
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  // Secret storage, made when a second device needs it.
  async keepSecrets() {
    if (await this.crypto.isSecretStorageReady()) return;
    await this.crypto.bootstrapSecretStorage({ createSecretStorageKey: () => this.crypto.createRecoveryKeyFromPassphrase(), setupNewSecretStorage: true });
  }

  room(id) {
    const room = this.client.getRoom(id);
    if (!room) throw new Error(`${this.client.getUserId()} knows of no room ${id}`);
    return room;
  }

  #joined(id) {
    return this.until(() => {
      const room = this.client.getRoom(id);
      return room?.getMyMembership() === "join" && room;
    });
  }

  async #create({ encrypted, direct, ...options }) {
    const { room_id: id } = await this.client.createRoom({
      ...options,
      is_direct: Boolean(direct),
      initial_state: [...(options.initial_state ?? []), ...(encrypted ? [ENCRYPTION] : [])],
    });
    const room = await this.#joined(id);
    const whole = await this.client.roomState(id);
    await this.until(() => whole.every((event) => room.currentState.getStateEvents(event.type, event.state_key)));
    if (direct) {
      const before = this.client.getAccountData("m.direct")?.getContent() ?? {};
      await this.client.setAccountData("m.direct", { ...before, [direct]: [...(before[direct] ?? []), id] });
    }
    return id;
  }

  async #send(id, type, content, thread) {
    const { event_id: event } = await this.client.sendEvent(id, null, type, thread ? seen.inThread(this.room(id), thread, content) : content);
    return event;
  }

  orders = {
    create: (options) => this.#create(options),
    join: async ({ room }) => {
      const { roomId } = await this.client.joinRoom(room);
      await this.#joined(roomId);
      return roomId;
    },
    leave: async ({ room }) => {
      await this.client.leave(room);
      await this.until(() => this.client.getRoom(room)?.getMyMembership() !== "join");
    },
    invite: ({ room, user }) => this.client.invite(room, user),
    kick: ({ room, user, reason }) => this.client.kick(room, user, reason),
    ban: ({ room, user, reason }) => this.client.ban(room, user, reason),
    upgrade: async ({ room, version }) => (await this.client.upgradeRoom(room, version)).replacement_room,
    reconnect: () => this.client.retryImmediately(),
    rename: ({ name }) => this.client.setDisplayName(name),
    send: ({ room, type, content, thread }) => this.#send(room, type, content, thread),
    state: async ({ room, type, key, content }) => (await this.client.sendStateEvent(room, type, content, key)).event_id,
    redact: async ({ room, event, reason }) => (await this.client.redactEvent(room, event, undefined, { reason })).event_id,
    upload: async ({ room, thread, ...file }) => this.#send(room, "m.room.message", await files.upload(this.client, this.room(room), file), thread),
    download: ({ content }) => files.download(this.client, content),
    startPoll: ({ room, thread, ...poll }) => this.#send(room, ...polls.start(poll), thread),
    vote: ({ room, poll, answers }) => this.#send(room, ...polls.response(poll, answers)),
    endPoll: async ({ room, poll }) => this.#send(room, ...polls.end(await polls.seen(this.room(room), poll))),
    scrollBack: async ({ room }) => {
      const timeline = this.room(room).getLiveTimeline();
      while (await this.client.paginateEventTimeline(timeline, { backwards: true, limit: 100 }));
    },
    messages: ({ room }) => (this.client.getRoom(room) ? seen.messages(this.client, this.room(room)) : []),
    poll: ({ room, poll }) => (this.client.getRoom(room) ? polls.seen(this.room(room), poll) : null),
    room: ({ room }) => seen.room(this.room(room)),
    rooms: () => this.client.getRooms().map(seen.listed),
    askToVerify: (what) => this.trust.ask(what),
    verification: ({ verification }) => this.trust.verification(verification),
    verifications: () => this.trust.verifications(),
    verify: ({ verification, step }) => this.trust.step(verification, step),
    trusts: ({ user }) => this.trust.of(user),
    resetIdentity: () => this.trust.reset(),
    acceptIdentity: ({ user }) => this.crypto.pinCurrentUserIdentity(user),
  };
}
