// Runs `emulate`'s Slack. Each line on stdin is a seed: the Slack of before is closed, a new one is filled with the seed, and its
// port goes to stdout. (Begun anew rather than reset, because it gives up after 5,000 calls an hour.) Ends when stdin does, so
// that it does not outlive whoever started it.
import net from "node:net";
import readline from "node:readline";
import { createEmulator } from "emulate";

const listen = net.Server.prototype.listen;
let listening; // the server of the newest Slack: it does not tell its port otherwise
net.Server.prototype.listen = function (port, ...rest) {
  listening = this;
  return listen.call(this, port, "127.0.0.1", ...rest); // it would listen on every interface
};

let slack;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { baseUrl, seed } = JSON.parse(line);
  await slack?.close();
  slack = await createEmulator({ service: "slack", port: 0, baseUrl, seed: { slack: seed } });
  if (!listening.listening) await new Promise((resolve) => listening.once("listening", resolve));
  console.log(listening.address().port);
}
process.exit();
