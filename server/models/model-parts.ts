import type { Egress } from '../egress/egress.ts';
import type { Store } from '../store/port.ts';

/** Seals secrets; the record's id is bound into the seal, so that a sealed secret is of no use in another record. */
export interface Sealing {
  seal(plain: string, recordId: string): string;
  open(sealed: string, recordId: string): string;
}

/** What connections and routes need of the world. */
export interface ModelParts {
  readonly store: Store;
  readonly secrets: Sealing;
  readonly egress: Egress;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: { now(): Date };
  /** Ports of this machine that are asked for model servers. */
  readonly modelServerPorts: readonly number[];
}

export const DEMO_CONNECTION = 'demo';
