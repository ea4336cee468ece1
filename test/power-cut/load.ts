import { setTimeout as pause } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** From the request to the complete response. */
  readonly ms: number;
}

export interface Load {
  /** Every response so far, by the message that was sent. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** How many have this status. */
  count(status: number): number;
  /** Waits for pending responses, and sends no more. */
  stop(): Promise<void>;
}

const SENDERS = 8;
/** The pause between two requests of a sender: a load that the database can handle, so each cut hits work in flight. */
const PAUSE_MS = 25;

/** Calls these webhooks in turn endlessly, each time with a new message. */
export function startLoad(urls: readonly string[], name: string): Load {
  const answers = new Map<string, Answer>();
  const counts = new Map<number, number>();
  let sent = 0;
  let stopped = false;
  const sender = async (): Promise<void> => {
    while (!stopped) {
      const number = sent++;
      const message = `${name} ${number}`;
      const began = performance.now();
      const reply = await fetch(urls[number % urls.length] ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      });
      const text = await reply.text();
      answers.set(message, { status: reply.status, headers: reply.headers, text, ms: performance.now() - began });
      counts.set(reply.status, (counts.get(reply.status) ?? 0) + 1);
      await pause(PAUSE_MS);
    }
  };
  const senders = Array.from({ length: SENDERS }, sender);
  return {
    answers,
    count: (status) => counts.get(status) ?? 0,
    stop: async () => {
      stopped = true;
      await Promise.all(senders);
    },
  };
}
