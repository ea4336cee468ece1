import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { startRun as startRunContract } from '@switchyard/shared/contracts/runs.ts';
import type { Graph, Policy } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import type { RunStatus } from '@switchyard/shared/run/state.ts';
import type { TemporalState } from 'zundo';
import type { StoreApi } from 'zustand/vanilla';
import type { AddOptions } from './operations/add-node.ts';
import type { NodeDataPart } from './operations/change-nodes.ts';
import type { Wire } from './operations/connect.ts';
import type { Point, Size } from './operations/geometry.ts';

/** `unsaved`: changed and about to be saved, or refused (`saveError` says why). `offline`: kept here, tried again at `retryAt`. */
export type SaveState = 'saved' | 'saving' | 'unsaved' | 'offline' | 'conflict';

/** Somebody else's draft that stands in the way of ours. */
export interface Conflict {
  readonly theirs: Graph;
  readonly revision: number;
  readonly updatedAt: string | null;
}

export interface Selection {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** A run of this workflow, as far as the editor follows it. */
export interface RunRef {
  readonly id: string;
  readonly status: RunStatus;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** A wish to look at a node, and at one of its fields or at what it did in a round; a new object each time it is wished. */
export interface Reveal {
  readonly nodeId: string;
  readonly field?: string;
  readonly round?: number;
}

export type RunInput = BodyOf<typeof startRunContract>['input'];

export interface EditorData {
  readonly workflowId: string;
  readonly name: string;
  readonly graph: Graph;
  readonly selection: Selection;
  readonly problems: readonly Problem[];
  readonly saveState: SaveState;
  /** Why the server refused the last save, in words. */
  readonly saveError: string | null;
  /** When the next try to save is made, in ms since 1970; null unless offline. */
  readonly retryAt: number | null;
  readonly conflict: Conflict | null;
  readonly revision: number;
  readonly liveVersion: number | null;
  /** The number that the next published version gets. */
  readonly nextVersion: number;
  readonly paused: boolean;
  /** The run whose state the canvas shows; null when it shows none. */
  readonly activeRunId: string | null;
  /** The newest run we know of; its values stay at hand after the canvas was cleared. */
  readonly lastRun: RunRef | null;
  /** The graph that `lastRun` ran on; null where that is not known. */
  readonly ranGraph: Graph | null;
  /** Ids of the nodes that changed since the run that is shown, after it ended; null while the graph would run the same. */
  readonly changedSince: readonly string[] | null;
  readonly panel: 'inspector' | 'webhook' | 'workflow' | null;
  readonly readOnly: boolean;
  readonly reveal: Reveal | null;
  /** What a screen reader is told next. */
  readonly announcement: string;
}

export interface EditorActions {
  /** Adds a node and selects it; the id of the new node, or undefined when its type is unknown. */
  addNode(type: string, position: Point, options?: AddOptions): string | undefined;
  /** Puts a node that is on the canvas already into a wire, and to a place. */
  insertOnEdge(nodeId: string, edgeId: string, position: Point): void;
  connect(wire: Wire): void;
  disconnect(edgeIds: readonly string[]): void;
  /** How often a loop edge may restart its target. */
  setLoopLimit(edgeId: string, limit: number): void;
  moveNodes(places: ReadonlyMap<string, Point>): void;
  /** Moves what is selected by this much; one undo step for moves that follow each other. */
  nudge(by: Point): void;
  /** One undo step per burst of typing in one field. */
  setParams(nodeId: string, params: Record<string, unknown>): void;
  /** Names a node. A key that was never chosen by hand follows, in every expression that names it. */
  setTitle(nodeId: string, title: string): void;
  /** Parts that are set to `undefined` are dropped. */
  setData(nodeId: string, part: NodeDataPart): void;
  setPolicy(nodeId: string, policy: Policy): void;
  setNodeSize(nodeId: string, size: Size): void;
  /** Renames a node's key and all expressions that name it; why not, when it cannot. */
  renameKey(nodeId: string, key: string): string | undefined;
  setVars(vars: Record<string, unknown>): void;
  /** Replaces the whole graph as one undo step. */
  setGraph(graph: Graph): void;
  deleteSelection(): void;
  duplicateSelection(): void;
  /** The selection as clipboard text; undefined when nothing is selected. */
  copyText(): string | undefined;
  /** Pastes clipboard text at a place (or beside where it came from); false when there is no fragment in it. */
  pasteText(text: string, at?: Point): boolean;
  tidyUp(sizes?: ReadonlyMap<string, Size>): Promise<void>;
  undo(): void;
  redo(): void;
  select(nodes: readonly string[], edges?: readonly string[]): void;
  selectAll(): void;
  openPanel(panel: EditorData['panel']): void;
  showProblem(problem: Problem): void;
  /** Brings a node into view and opens it. */
  showNode(nodeId: string): void;
  /** Opens what a node did in this round of the run that is shown. */
  showRound(nodeId: string, round: number): void;
  announce(words: string): void;
}

export interface RunActions {
  /** Saves, then starts a run of the draft; the canvas follows it. Throws ApiError. */
  startRun(input?: RunInput): Promise<string>;
  stopRun(): Promise<void>;
  /** Shows this run on the canvas. */
  watchRun(run: RunRef): void;
  /** What became known of a run's status. */
  noteRun(run: Partial<RunRef> & { id: string }): void;
  clearRun(): void;
  /** Saves, then publishes the draft; the new version's number. Throws ApiError. */
  publish(note?: string): Promise<number>;
  rename(name: string): Promise<void>;
  setPaused(paused: boolean): void;
}

export interface SaveActions {
  /** Saves at once; true when all is saved. */
  saveNow(): Promise<boolean>;
  keepMine(): void;
  takeTheirs(): void;
}

export type EditorState = EditorData & EditorActions & RunActions & SaveActions;

/** The part of the editor that undo goes back to. */
export interface Remembered {
  readonly graph: Graph;
}
export type EditorStore = StoreApi<EditorState> & { readonly temporal: StoreApi<TemporalState<Remembered>> };
