/** One server-sent event, its data read as JSON. */
export interface SentEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of server-sent events to its end. Throws when its type is another. */
export async function readEvents(reply: Response): Promise<SentEvent[]> {
  const type = reply.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) throw new Error(`Not a stream of events but ${type}: ${await reply.text()}`);
  return eventsIn(await reply.text());
}

/** The events in what has come so far; comments are left out. */
export const eventsIn = (text: string): SentEvent[] =>
  text.split('\n\n').flatMap((block) => {
    const found = /^event: (\S+)\ndata: (.+)$/.exec(block);
    return found ? [{ event: found[1] ?? '', data: JSON.parse(found[2] ?? 'null') as Record<string, unknown> }] : [];
  });
