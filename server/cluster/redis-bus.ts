import type { Bus, BusMessage } from '../engine/bus.ts';
import { type Channel, channelOf, decodeMessage, encodeMessage } from './bus-messages.ts';
import type { RedisLink } from './redis-link.ts';

/*
 * The bus between processes (S42), over Redis pub/sub. Owns which messages leave this process. Own messages are delivered here at once,
 * with or without Redis. Messages are dropped while Redis is away or can't
 * keep up; `missed` tells the receivers afterwards.
 */

/** Messages on their way to Redis. More are dropped. */
const MOST_PENDING = 2_000;
/** At most one `missed` per interval: it makes all processes and pages refetch, and a slow Redis would cause it constantly. */
const TELL_EVERY_MS = 3_000;

export interface RedisBusParts {
  readonly redis: RedisLink;
  /** Prefix of all keys and channels of this installation. */
  readonly prefix: string;
  readonly processId: string;
  /** The channels that this process subscribes to. */
  readonly hears: readonly Channel[];
  /** Delivers messages within this process. */
  readonly local: Bus;
}

export async function redisBus({ redis, prefix, processId, hears, local }: RedisBusParts): Promise<Bus> {
  const nameOf = (channel: Channel): string => `${prefix}:bus:${channel}`;
  let pending = 0;
  let wasDropped = false;
  let toldAt = Number.NEGATIVE_INFINITY;

  const post = (message: BusMessage): void => {
    const encoded = encodeMessage(processId, message);
    if (encoded === undefined) return;
    pending++;
    const settle = (isLost: boolean) => () => {
      pending--;
      wasDropped ||= isLost;
    };
    redis.commands.publish(nameOf(channelOf(message)), encoded).then(settle(false), settle(true));
  };
  const tellMissed = (): void => {
    if (!wasDropped || performance.now() - toldAt < TELL_EVERY_MS) return;
    wasDropped = false;
    toldAt = performance.now();
    post({ kind: 'missed' });
  };
  const send = (message: BusMessage): void => {
    if (redis.commands.status !== 'ready' || pending >= MOST_PENDING) {
      wasDropped = true;
      return;
    }
    tellMissed();
    post(message);
  };

  redis.commands.on('ready', tellMissed);
  redis.subscriber.on('message', (channel: string, received: string) => {
    if (!hears.some((heard) => nameOf(heard) === channel)) return;
    const read = decodeMessage(received);
    if (read && read.from !== processId) local.publish(read.message);
  });
  // Channels are subscribed again after a lost connection; the first time only works while connected.
  const subscribe = () => redis.subscriber.subscribe(...hears.map(nameOf));
  redis.subscriber.on('ready', () => void subscribe().catch(() => {}));
  if (redis.subscriber.status === 'ready') await subscribe().catch(() => {});
  redis.onChange((state) => {
    if (state === 'connected') local.publish({ kind: 'missed' });
  });

  return {
    publish: (message) => {
      local.publish(message);
      send(message);
    },
    subscribe: local.subscribe,
  };
}
