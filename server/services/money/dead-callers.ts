import type { Store } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { dropCutOffReservations } from './cut-off-reservations.ts';

const LOOK_MS = 5_000;

export interface DeadCallersParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly processes: {
    live(): readonly { readonly id: string }[];
    isGone(id: string): Promise<boolean>;
    /** Whether this process is the one that runs periodic jobs. */
    isFirst(): boolean;
  };
  readonly now: () => Date;
  readonly report: (problem: string, error: unknown) => void;
}

/** Drops the reservations of processes that have ended: at startup, and whenever one has died or left. Returns a function that stops it, after a pass that has begun. */
export function watchDeadCallers({ stores, workspaces, processes, now, report }: DeadCallersParts): () => Promise<void> {
  /** The processes that were live at the last pass. Undefined until the first one. */
  let known: readonly string[] | undefined;
  const isGone = async (process: string | undefined): Promise<boolean> => process !== undefined && processes.isGone(process);
  const pass = async (): Promise<void> => {
    const live = processes.live().map(({ id }) => id);
    const isDue = known === undefined || known.some((id) => !live.includes(id));
    if (!isDue || !processes.isFirst()) return;
    for (const workspaceId of await workspaces()) await dropCutOffReservations(stores.in(workspaceId), now(), isGone);
    known = live;
  };
  let passing: Promise<void> = Promise.resolve();
  const passNow = (): void => {
    passing = passing.then(pass).catch((error) => report('Dropping reservations of a process that has ended failed; retrying', error));
  };
  const timer = setInterval(passNow, LOOK_MS).unref();
  passNow();
  return () => {
    clearInterval(timer);
    return passing;
  };
}
