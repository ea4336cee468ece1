import { randomUUID } from 'node:crypto';
import { settings } from '../store/collections.ts';
import { insertIfAbsent } from '../store/insert-if-absent.ts';
import type { Store } from '../store/port.ts';
import { INSTALLATION } from '../store/workspaces.ts';

/*
 * Says to all processes that a control was used: a kill switch, a pause, an ended session or token (S42). Each process reads one record
 * every second, so a control is in force everywhere within 2 s even if messages are lost.
 */

const READ_EVERY_MS = 1_000;
const CONTROLS_SETTING = 'controls';

interface ControlsParts {
  readonly stores: Store;
  /** A control was used, here or elsewhere. */
  readonly onUsed: () => void;
  readonly report: (problem: string, error: unknown) => void;
}

export interface Controls {
  /** A control was used here. Never throws. */
  used(): void;
  stop(): void;
}

export function watchControls({ stores, onUsed, report }: ControlsParts): Controls {
  const installation = stores.in(INSTALLATION);
  /** A new value each time, so no two uses look alike. */
  let known: unknown;
  let isReading = false;

  const read = async (): Promise<void> => {
    const value = (await installation.get(settings, CONTROLS_SETTING))?.value ?? null;
    if (known !== undefined && known !== value) onUsed();
    known = value;
  };
  const note = async (): Promise<void> => {
    const value = randomUUID();
    if (await installation.update(settings, CONTROLS_SETTING, { value })) return;
    if (!(await insertIfAbsent(installation, settings, { id: CONTROLS_SETTING, workspaceId: INSTALLATION, value }))) await note();
  };
  const tick = (): void => {
    if (isReading) return;
    isReading = true;
    read()
      .catch((error) => report('Reading controls failed; retrying', error))
      .finally(() => {
        isReading = false;
      });
  };
  const timer = setInterval(tick, READ_EVERY_MS).unref();
  tick();
  return {
    used: () => void note().catch((error) => report('Telling other processes of a control failed', error)),
    stop: () => clearInterval(timer),
  };
}
