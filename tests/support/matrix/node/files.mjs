// Files: encrypted before they are uploaded, where the room is encrypted.
import attachments from "matrix-encrypt-attachment";

const KINDS = { image: "m.image", audio: "m.audio", video: "m.video" };

export async function upload(client, room, { name, data, mimetype, caption, mentions }) {
  const bytes = Buffer.from(data, "base64");
  const content = {
    msgtype: KINDS[mimetype.split("/")[0]] ?? "m.file",
    body: caption || name,
    ...(caption && { filename: name }),
    info: { size: bytes.length, mimetype },
    "m.mentions": mentions ?? {},
  };
  if (!room.hasEncryptionStateEvent()) {
    const { content_uri: url } = await client.uploadContent(bytes, { name, type: mimetype });
    return { ...content, url };
  }
  const { data: secret, info } = await attachments.encryptAttachment(new Uint8Array(bytes).buffer);
  const { content_uri: url } = await client.uploadContent(Buffer.from(secret), { type: "application/octet-stream", includeFilename: false });
  return { ...content, file: { ...info, url } };
}

// The bytes of a file in base64.
export async function download(client, content) {
  const url = client.mxcUrlToHttp(content.file?.url ?? content.url, undefined, undefined, undefined, false, true, true);
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${client.getAccessToken()}` } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  const bytes = await answer.arrayBuffer();
  return Buffer.from(content.file ? await attachments.decryptAttachment(bytes, content.file) : bytes).toString("base64");
}
