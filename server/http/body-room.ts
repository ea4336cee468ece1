import type { AppError } from '@switchyard/shared/errors.ts';
import { overloaded } from '../services/webhooks/overload.ts';

/*
 * Memory for bodies being read. Invariants: 1. If it runs short, the body that has been silent longest gives way. 2. No group
 * (a webhook, an address, the API) has more than its share, so others can still be read.
 */

export interface RoomLimits {
  /** For all bodies together. */
  readonly bytes: number;
  readonly bodies: number;
}

/** A body being read. */
export interface Reader {
  readonly began: number;
  /** How long it may take. */
  readonly wholeMs: number;
  moved: number;
  readonly groups: readonly Group[];
  fail(error: AppError): void;
}

interface Group {
  readonly name: string;
  readonly limits: RoomLimits;
  /** Bytes held by each reader, the longest silent first. */
  readonly readers: Map<Reader, number>;
  bytes: number;
}

export interface BodyRoom {
  readonly readers: () => readonly Reader[];
  /** The groups of these names, which a reader keeps while it reads, and the total. */
  groupsOf(names: readonly string[]): readonly Group[];
  /** Counts more bytes of a reader. Throws `overloaded` if there is no room for them and no silent body gives way. */
  count(reader: Reader, bytes: number): void;
  leave(reader: Reader): void;
}

const SHARE = 0.5;
/** A body that has been silent for less time counts as being sent. */
const SILENT_MS = 250;
const ALL = '';

export function createBodyRoom(limits: RoomLimits, now: () => number): BodyRoom {
  const groups = new Map<string, Group>();
  const share = { bytes: limits.bytes * SHARE, bodies: limits.bodies * SHARE };

  const makeRoom = (group: Group, reader: Reader): void => {
    while (group.bytes > group.limits.bytes || group.readers.size > group.limits.bodies) {
      const [silent] = group.readers.keys();
      if (!silent || silent === reader || now() - silent.moved < SILENT_MS) throw overloaded();
      silent.fail(overloaded());
    }
  };

  return {
    readers: () => [...(groups.get(ALL)?.readers.keys() ?? [])],
    groupsOf: (names) =>
      [ALL, ...names].map((name) => {
        const group = groups.get(name) ?? { name, limits: name === ALL ? limits : share, readers: new Map<Reader, number>(), bytes: 0 };
        groups.set(name, group);
        return group;
      }),
    count: (reader, bytes) => {
      reader.moved = now();
      for (const group of reader.groups) {
        const held = group.readers.get(reader) ?? 0;
        // Deleted first so that it moves to the end.
        group.readers.delete(reader);
        group.readers.set(reader, held + bytes);
        group.bytes += bytes;
      }
      for (const group of reader.groups) makeRoom(group, reader);
    },
    leave: (reader) => {
      for (const group of reader.groups) {
        group.bytes -= group.readers.get(reader) ?? 0;
        group.readers.delete(reader);
        if (group.readers.size === 0 && groups.get(group.name) === group) groups.delete(group.name);
      }
    },
  };
}
