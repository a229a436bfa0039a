// Polls as Element sends them, and counts them: the last response of each person by its time; an answer the poll does not have
// spoils a response; answers beyond those allowed do not count; nor does what came after the end.
import { M_POLL_KIND_DISCLOSED, M_POLL_KIND_UNDISCLOSED } from "matrix-js-sdk/lib/@types/polls.js";
import { PollEndEvent } from "matrix-js-sdk/lib/extensible_events_v1/PollEndEvent.js";
import { PollResponseEvent } from "matrix-js-sdk/lib/extensible_events_v1/PollResponseEvent.js";
import { PollStartEvent } from "matrix-js-sdk/lib/extensible_events_v1/PollStartEvent.js";
import { PollEvent } from "matrix-js-sdk/lib/models/poll.js";

function typed(event) {
  const { type, content } = event.serialize();
  return [type, content];
}

export function start({ question, answers, disclosed, most }) {
  return typed(PollStartEvent.from(question, answers, disclosed ? M_POLL_KIND_DISCLOSED : M_POLL_KIND_UNDISCLOSED, most));
}

export function response(poll, answers) {
  return typed(PollResponseEvent.from(answers, poll));
}

// The words are Element's.
export function end({ id, answers, counts }) {
  const most = Math.max(...Object.values(counts));
  const best = answers.filter((answer) => counts[answer.id] === most).map((answer) => answer.text).join(", ");
  return typed(PollEndEvent.from(id, most ? `The poll has ended. Top answer: ${best}` : "The poll has ended. No votes were cast."));
}

async function responses(poll) {
  await poll.getResponses();
  while (poll.isFetchingResponses) await new Promise((resolve) => poll.once(PollEvent.Responses, resolve));
  return poll.responses.getRelations();
}

// Null when Element would show no poll there.
export async function seen(room, id) {
  const poll = room.polls.get(id);
  const begun = poll?.pollEvent;
  if (!begun) return null;
  const last = new Map();
  for (const event of await responses(poll)) {
    const before = last.get(event.getSender());
    const parsed = event.unstableExtensibleEvent;
    if (parsed && !(before?.at >= event.getTs())) last.set(event.getSender(), { at: event.getTs(), answers: parsed.answerIds });
  }
  const votes = {};
  const counts = Object.fromEntries(begun.answers.map((answer) => [answer.id, 0]));
  for (const [sender, { answers }] of last) {
    const cast = PollResponseEvent.from(answers, id);
    cast.validateAgainst(begun);
    if (cast.spoiled) continue;
    votes[sender] = cast.answerIds;
    for (const answer of cast.answerIds) counts[answer] += 1;
  }
  return {
    id,
    question: begun.question.text,
    disclosed: M_POLL_KIND_DISCLOSED.matches(begun.kind.name),
    most: begun.maxSelections,
    answers: begun.answers.map(({ id: answer, text }) => ({ id: answer, text })),
    votes,
    counts,
    ended: poll.isEnded,
    undecryptable: poll.undecryptableRelationsCount,
  };
}
