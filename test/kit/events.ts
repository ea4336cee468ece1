/** A server-sent event with its data parsed as JSON. */
export interface SentEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of server-sent events to its end. Throws if the content type is another. */
export async function readEvents(reply: Response): Promise<SentEvent[]> {
  const type = reply.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) throw new Error(`Not a stream of events but ${type}: ${await reply.text()}`);
  return eventsIn(await reply.text());
}

/** The events in the text so far, without comments. */
export const eventsIn = (text: string): SentEvent[] =>
  text.split('\n\n').flatMap((block) => {
    const found = /^event: (\S+)\ndata: (.+)$/.exec(block);
    return found ? [{ event: found[1] ?? '', data: JSON.parse(found[2] ?? 'null') as Record<string, unknown> }] : [];
  });
