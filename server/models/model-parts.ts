import type { Egress } from '../egress/egress.ts';
import type { Store } from '../store/port.ts';
import type { AdmitCall } from './chat-port.ts';

/** Encrypts secrets. The record's ID is bound into the ciphertext, so it is useless in another record. */
export interface Sealing {
  seal(plain: string, recordId: string): string;
  open(sealed: string, recordId: string): string;
}

/** What connections and routes need from outside. */
export interface ModelParts {
  readonly store: Store;
  readonly secrets: Sealing;
  readonly egress: Egress;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: { now(): Date };
  readonly admitCall: AdmitCall;
  /** Ports of this machine to check for model servers. */
  readonly modelServerPorts: readonly number[];
}

export const DEMO_CONNECTION = 'demo';
