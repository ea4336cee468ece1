/*
 * What a build can read (S41). During an upgrade, processes of several builds work together, and each drives only the runs that it can read.
 */

interface NodeVersion {
  readonly type: string;
  readonly version: number;
}

export interface BuildVersions {
  readonly event: number;
  /** Node types with their versions: `input@1 output@1`. */
  readonly nodes: string;
  /** The evidence that it writes (S89). Missing in builds that write none. */
  readonly evidence?: number | undefined;
}

/** The evidence that this build writes. */
export const EVIDENCE_VERSION = 1;

/** What a build must know to drive a run. */
export interface RunNeeds {
  readonly event: number;
  readonly nodes: readonly NodeVersion[];
  /** The newest event that it may get. */
  readonly writes: number;
}

export const nodesText = (types: readonly NodeVersion[]): string => types.map(({ type, version }) => `${type}@${version}`).join(' ');

/** Tells whether a build can read a run. */
export function readerOf({ event, nodes }: BuildVersions): (needs: Omit<RunNeeds, 'writes'>) => boolean {
  const known = new Map(
    nodes.split(' ').map((entry) => {
      const at = entry.lastIndexOf('@');
      return [entry.slice(0, at), Number(entry.slice(at + 1))];
    }),
  );
  return (needs) => needs.event <= event && needs.nodes.every(({ type, version }) => version <= (known.get(type) ?? -1));
}
