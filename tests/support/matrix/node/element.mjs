// People as Element shows them a room, for the tests. Reads orders from stdin, {"id", "who", "order", "with"} a line, and answers
// {"id", "answer"} or {"id", "error"} on stdout; {"changed": who} says that somebody may see something new. It ends when stdin does.
import readline from "node:readline";
import { format } from "node:util";

for (const level of ["log", "warn", "info", "debug", "trace", "error"]) {
  console[level] = (...what) => process.stderr.write(`${level} ${format(...what)}\n`);
}
process.on("unhandledRejection", (reason) => console.error("unhandled", reason));

const { logger } = await import("matrix-js-sdk/lib/logger.js");
logger.setLevel(process.env.WGBOT_ELEMENT_LOG ?? "warn");
const { Person } = await import("./person.mjs");

const people = new Map();
const fresh = new Set();

function write(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function changed(who) {
  if (fresh.size === 0) {
    setImmediate(() => {
      for (const each of fresh) write({ changed: each });
      fresh.clear();
    });
  }
  fresh.add(who);
}

async function obey({ who, order, with: what }) {
  if (order === "login") {
    people.set(who, await Person.login(what, people.get(what.trustedBy), () => changed(who)));
    return null;
  }
  const person = people.get(who);
  if (!person) throw new Error(`${who} has closed Element`);
  if (order === "close") {
    people.delete(who);
    person.stop();
    return null;
  }
  return person.orders[order](what);
}

readline.createInterface({ input: process.stdin, terminal: false }).on("line", async (line) => {
  const { id, ...asked } = JSON.parse(line);
  try {
    write({ id, answer: (await obey(asked)) ?? null });
  } catch (error) {
    console.info(asked.who, asked.order, error);
    write({ id, error: { text: String(error?.message ?? error), errcode: error?.errcode ?? "", status: error?.httpStatus ?? 0 } });
  }
}).on("close", () => process.exit());
