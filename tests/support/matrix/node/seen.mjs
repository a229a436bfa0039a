// What somebody sees of their rooms. Edits, reactions and votes are no messages of their own: they are seen on what they are about.
import { EventTimeline, RelationType } from "matrix-js-sdk";
import { M_POLL_END, M_POLL_RESPONSE, M_POLL_START } from "matrix-js-sdk/lib/@types/polls.js";
import { EventShieldColour, EventShieldReason } from "matrix-js-sdk/lib/crypto-api/index.js";

// Those before a gap are seen only after scrolling back.
function events(room) {
  return room.getLiveTimeline().getEvents();
}

function isMessage(event) {
  const type = event.getType();
  const known = ["m.room.message", "m.room.encrypted", "m.sticker"].includes(type) || M_POLL_START.matches(type);
  return known && !event.isRelation(RelationType.Replace) && !M_POLL_RESPONSE.matches(type) && !M_POLL_END.matches(type);
}

function reactions(room, id) {
  const relations = room.relations.getChildEventsForEvent(id, RelationType.Annotation, "m.reaction");
  return Object.fromEntries((relations?.getSortedAnnotationsByKey() ?? []).map(([key, of]) => [key, [...of].map((event) => event.getSender())]));
}

async function message(client, room, event) {
  const content = event.getContent();
  const wire = event.getWireContent()["m.relates_to"] ?? {};
  const info = event.isEncrypted() && !event.isDecryptionFailure() ? await client.getCrypto().getEncryptionInfoForEvent(event) : null;
  return {
    id: event.getId(),
    room: room.roomId,
    sender: event.getSender(),
    type: event.getType(),
    at: event.getTs(),
    content,
    thread: wire.rel_type === "m.thread" ? wire.event_id : "",
    answers: wire.is_falling_back ? "" : (wire["m.in_reply_to"]?.event_id ?? ""),
    edited: Boolean(event.replacingEvent()),
    redacted: event.isRedacted(),
    encrypted: event.isEncrypted(),
    failure: event.isDecryptionFailure() ? String(event.decryptionFailureReason) : "",
    shield: info ? EventShieldColour[info.shieldColour] : "",
    doubt: info?.shieldReason == null ? "" : EventShieldReason[info.shieldReason],
    reactions: reactions(room, event.getId()),
  };
}

export async function messages(client, room) {
  await Promise.all(events(room).map((event) => client.decryptEventIfNeeded(event)));
  return Promise.all(events(room).filter((event) => isMessage(event) && !event.status).map((event) => message(client, room, event)));
}

// A content as Element sends it within a thread.
export function inThread(room, root, content) {
  const last = events(room).findLast((event) => event.getWireContent()["m.relates_to"]?.rel_type === "m.thread" && event.getWireContent()["m.relates_to"].event_id === root);
  const answered = content["m.relates_to"]?.["m.in_reply_to"]?.event_id;
  return {
    ...content,
    "m.relates_to": {
      ...content["m.relates_to"],
      rel_type: "m.thread",
      event_id: root,
      is_falling_back: !answered,
      "m.in_reply_to": { event_id: answered ?? last?.getId() ?? root },
    },
  };
}

export function listed(room) {
  const me = room.getMember(room.myUserId);
  return {
    id: room.roomId,
    name: room.name,
    membership: room.getMyMembership(),
    inviter: room.getMyMembership() === "invite" ? (me?.events.member?.getSender() ?? "") : "",
    direct: room.getMyMembership() === "invite" && Boolean(me?.events.member?.getContent().is_direct),
    type: room.getType() ?? "",
  };
}

export async function room(room) {
  if (room.getMyMembership() === "join") await room.loadMembersIfNeeded();
  const state = room.getLiveTimeline().getState(EventTimeline.FORWARDS);
  const contents = {};
  for (const [type, byKey] of state.events) {
    contents[type] = Object.fromEntries([...byKey].map(([key, event]) => [key, event.getContent()]));
  }
  return {
    ...listed(room),
    version: room.getVersion(),
    creators: [room.getCreator(), ...(contents["m.room.create"]?.[""]?.additional_creators ?? [])].filter(Boolean),
    members: Object.fromEntries(room.currentState.getMembers().map((member) => [member.userId, member.membership])),
    names: Object.fromEntries(room.currentState.getMembers().map((member) => [member.userId, member.name])),
    encrypted: room.hasEncryptionStateEvent(),
    state: contents,
  };
}
