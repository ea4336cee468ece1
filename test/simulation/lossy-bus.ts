import type { Bus, BusMessage } from '@switchyard/server/engine/bus.ts';
import { inProcessBus } from '@switchyard/server/ownership/in-process-bus.ts';
import { hear, type Inner } from './inner.ts';

/** A process receives its own messages at once, and others receive them late, twice, or not at all. */
export function busOf(inner: Inner, born: number): Bus {
  const own = inProcessBus((error) => inner.problems.push(String(error)));
  own.subscribe((message) => {
    if (message.kind !== 'run-committed' || inner.children.has(message.run.runId)) return;
    inner.published.push(...structuredClone(message.events));
    for (const { seq } of message.events) if (seq > inner.journal.length) inner.problems.push(`Published before its commit: event ${seq}`);
  });
  const heard = new Set<(message: BusMessage) => void>();
  inner.listeners.set(born, heard);
  return {
    publish: (message) => {
      own.publish(message);
      for (const [other, listeners] of inner.listeners) {
        const times = other === born ? 0 : Math.floor(inner.random() * 3);
        for (let time = 0; time < times; time++) {
          inner.time.after(Math.floor(inner.random() * 50), () =>
            hear(inner, other, () => {
              for (const listener of listeners) listener(message);
            }),
          );
        }
      }
    },
    subscribe: (listener) => {
      heard.add(listener);
      return own.subscribe(listener);
    },
  };
}
