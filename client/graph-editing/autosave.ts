import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import type { Conflict, SaveState } from './editor-state.ts';

/*
 * Saves a draft as it is edited. Invariants:
 * 1. One request at a time. Edits made during a request go with the next one.
 * 2. A draft is stored in this browser from the edit until the server has acknowledged exactly that draft.
 * 3. Nothing is saved over a conflict until the user has decided.
 */

/** The outcome of a save. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly revision: number; readonly problems: readonly Problem[] }
  | ({ readonly kind: 'conflict' } & Conflict)
  /** No response, or one that asks to retry. */
  | { readonly kind: 'offline' }
  /** The server rejects this draft. Retrying won’t help. */
  | { readonly kind: 'refused'; readonly message: string };

/** The state that `Autosave` reports. */
export interface SaveReport {
  readonly saveState: SaveState;
  readonly revision: number;
  readonly saveError: string | null;
  readonly retryAt: number | null;
  readonly conflict: Conflict | null;
}

/** A draft as stored on the server. */
export interface ServerDraft {
  readonly graph: Graph;
  readonly revision: number;
  readonly updatedAt: string | null;
}

export interface AutosavePorts {
  /** Sends a draft. Never rejects. */
  save(graph: Graph, revision: number): Promise<SaveOutcome>;
  /** Stores a draft in this browser until `forget`. */
  keep(graph: Graph, revision: number): void;
  forget(): void;
  /** Loads the draft from the server. Returns undefined on failure. */
  load(): Promise<ServerDraft | undefined>;
  /** Replaces a draft without edits by a newer one. */
  adopt(graph: Graph): void;
  report(report: SaveReport): void;
  problems(problems: readonly Problem[], graph: Graph): void;
  /** Calls `then` after `ms`. Returns a function that cancels it. */
  after(ms: number, then: () => void): () => void;
  now(): number;
}

export interface Autosave {
  changed(graph: Graph): void;
  /** Saves at once. Resolves to true if everything ended up saved. */
  flush(): Promise<boolean>;
  /** Starts with a recovered draft that conflicts with a newer one. */
  startInConflict(mine: Graph, conflict: Conflict): void;
  keepMine(): void;
  /** Resolves the conflict in favor of the other draft, which counts as saved. The caller replaces the graph. */
  takeTheirs(theirs: Graph): void;
  /** The server has a draft of this revision, or of an unknown one. */
  heard(revision: number | 'unknown'): void;
  dispose(): void;
}

export const DEBOUNCE_MS = 400;
const RETRY_MS = [2_000, 4_000, 8_000, 15_000, 30_000] as const;

export function createAutosave(ports: AutosavePorts, start: { graph: Graph; revision: number }): Autosave {
  return new DraftSaver(ports, start);
}

class DraftSaver implements Autosave {
  readonly #ports: AutosavePorts;
  #current: Graph;
  #acknowledged: Graph;
  #revision: number;
  #conflict: Conflict | null = null;
  #sending: Promise<void> | null = null;
  #stopTimer: () => void = () => {};
  #failures = 0;
  /** Sent without a response, so the server may or may not have it. */
  #unanswered: Graph | null = null;
  #disposed = false;
  /** The newest revision known to exist. */
  #heard = 0;
  #loading = false;

  constructor(ports: AutosavePorts, start: { graph: Graph; revision: number }) {
    this.#ports = ports;
    this.#current = start.graph;
    this.#acknowledged = start.graph;
    this.#revision = start.revision;
  }

  changed(graph: Graph): void {
    if (graph === this.#current) return;
    this.#current = graph;
    if (!this.#unsaved && !this.#sending && !this.#conflict) {
      this.#settle();
      return;
    }
    this.#ports.keep(graph, this.#revision);
    if (this.#conflict || this.#sending || this.#unanswered) return;
    this.#report('unsaved');
    this.#schedule(DEBOUNCE_MS);
  }

  async flush(): Promise<boolean> {
    while (this.#unsaved && !this.#conflict) {
      const before = this.#failures;
      await (this.#sending ?? this.#send());
      if (this.#failures > before) break;
    }
    return !this.#unsaved && !this.#conflict;
  }

  startInConflict(mine: Graph, conflict: Conflict): void {
    this.#current = mine;
    this.#ports.keep(mine, this.#revision);
    this.#meet(conflict);
  }

  keepMine(): void {
    if (!this.#conflict) return;
    this.#revision = this.#conflict.revision;
    this.#conflict = null;
    this.#ports.keep(this.#current, this.#revision);
    void this.#send();
  }

  takeTheirs(theirs: Graph): void {
    if (!this.#conflict) return;
    this.#revision = this.#conflict.revision;
    this.#conflict = null;
    this.#current = theirs;
    this.#acknowledged = theirs;
    this.#settle();
  }

  heard(revision: number | 'unknown'): void {
    this.#heard = Math.max(this.#heard, revision === 'unknown' ? this.#revision + 1 : revision);
    void this.#catchUp();
  }

  dispose(): void {
    this.#stopTimer();
    this.#disposed = true;
  }

  /** Loads a newer draft. It replaces one without edits and conflicts with one that has edits. A save in progress finds out on its own. */
  async #catchUp(): Promise<void> {
    if (this.#loading || this.#disposed || this.#sending || this.#heard <= this.#revisionKnown) return;
    const asked = this.#heard;
    this.#loading = true;
    const found = await this.#ports.load();
    this.#loading = false;
    if (!found || this.#disposed || this.#sending) return;
    if (this.#heard === asked) this.#heard = found.revision;
    if (found.revision > this.#revisionKnown) this.#take(found);
    // The server responds again, so a failed save doesn’t wait for its retry.
    else if (this.#failures > 0) void this.#send();
    await this.#catchUp();
  }

  get #revisionKnown(): number {
    return this.#conflict?.revision ?? this.#revision;
  }

  #take(found: ServerDraft): void {
    const ours = [this.#current, this.#unanswered].find((graph) => graph && sameJson(found.graph, graph));
    if (ours) {
      this.#conflict = null;
      this.#acknowledge(ours, found.revision);
    } else if (this.#unsaved || this.#conflict) this.#meet({ theirs: found.graph, revision: found.revision, updatedAt: found.updatedAt });
    else this.#adopt(found);
  }

  #adopt({ graph, revision }: ServerDraft): void {
    this.#current = graph;
    this.#acknowledged = graph;
    this.#revision = revision;
    this.#ports.adopt(graph);
    this.#settle();
  }

  get #unsaved(): boolean {
    return this.#current !== this.#acknowledged || this.#unanswered !== null;
  }

  #schedule(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#ports.after(ms, () => void this.#send());
  }

  #send(): Promise<void> {
    this.#stopTimer();
    if (this.#sending || !this.#unsaved || this.#conflict) return this.#sending ?? Promise.resolve();
    const graph = this.#current;
    this.#report('saving');
    this.#sending = this.#ports.save(graph, this.#revision).then((outcome) => {
      this.#sending = null;
      this.#receive(graph, outcome);
      void this.#catchUp();
    });
    return this.#sending;
  }

  #receive(sent: Graph, outcome: SaveOutcome): void {
    if (outcome.kind === 'saved') this.#acknowledge(sent, outcome.revision, outcome.problems);
    else if (outcome.kind === 'conflict') {
      // Our own save, whose response was lost.
      const ours = [sent, this.#unanswered].find((graph) => graph && sameJson(outcome.theirs, graph));
      if (ours) this.#acknowledge(ours, outcome.revision);
      else this.#meet(outcome);
    } else this.#fail(sent, outcome);
  }

  #fail(sent: Graph, outcome: Extract<SaveOutcome, { kind: 'offline' | 'refused' }>): void {
    this.#failures++;
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1] ?? 30_000;
    this.#unanswered = outcome.kind === 'offline' ? sent : null;
    if (outcome.kind === 'offline') this.#report('offline', { retryAt: this.#ports.now() + wait });
    else this.#report('unsaved', { saveError: outcome.message });
    this.#schedule(wait);
  }

  #acknowledge(sent: Graph, revision: number, problems?: readonly Problem[]): void {
    this.#failures = 0;
    this.#unanswered = null;
    this.#revision = revision;
    this.#acknowledged = sent;
    if (problems) this.#ports.problems(problems, sent);
    if (!this.#unsaved) {
      this.#settle();
      return;
    }
    this.#ports.keep(this.#current, revision);
    this.#report('unsaved');
    this.#schedule(DEBOUNCE_MS);
  }

  #settle(): void {
    this.#stopTimer();
    this.#failures = 0;
    this.#ports.forget();
    this.#report('saved');
  }

  #meet({ theirs, revision, updatedAt }: Conflict): void {
    this.#conflict = { theirs, revision, updatedAt };
    this.#unanswered = null;
    this.#report('conflict');
  }

  #report(saveState: SaveState, more: { retryAt?: number; saveError?: string } = {}): void {
    if (this.#disposed) return;
    this.#ports.report({
      saveState,
      revision: this.#revision,
      saveError: more.saveError ?? null,
      retryAt: more.retryAt ?? null,
      conflict: this.#conflict,
    });
  }
}
