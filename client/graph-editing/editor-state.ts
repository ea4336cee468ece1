import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { startRun as startRunContract } from '@switchyard/shared/contracts/runs.ts';
import type { PublishRelease } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph, Policy } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import type { TemporalState } from 'zundo';
import type { StoreApi } from 'zustand/vanilla';
import type { AddOptions } from './operations/add-node.ts';
import type { Arrangement } from './operations/arrange.ts';
import type { NodeDataPart } from './operations/change-nodes.ts';
import type { NewEdge } from './operations/connect.ts';
import type { Dropped } from './operations/containers.ts';
import type { Point, Size } from './operations/geometry.ts';
import type { Sizes } from './operations/groups.ts';

/**
 * `unsaved`: changed and about to be saved, or rejected (`saveError` says why). `offline`: stored in this browser and retried at `retryAt`.
 */
export type SaveState = 'saved' | 'saving' | 'unsaved' | 'offline' | 'conflict';

/** A newer draft on the server that conflicts with ours. */
export interface Conflict {
  readonly theirs: Graph;
  readonly revision: number;
  readonly updatedAt: string | null;
}

export interface Selection {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** A run of this workflow. Its status and times are in the run’s own store. */
export interface LastRun {
  readonly id: string;
  /** The graph that it ran on, or null if unknown. */
  readonly graph: Graph | null;
}

/** A request to show a node, and optionally one of its fields or rounds. Each request is a new object. */
export interface Reveal {
  readonly nodeId: string;
  readonly field?: string;
  readonly round?: number;
}

export type RunInput = BodyOf<typeof startRunContract>['input'];
/** Which part of the draft runs, and what is broken on purpose. */
export type RunPart = Pick<BodyOf<typeof startRunContract>, 'only' | 'from' | 'faults'>;

export interface EditorData {
  readonly workflowId: string;
  readonly name: string;
  readonly graph: Graph;
  readonly selection: Selection;
  readonly problems: readonly Problem[];
  readonly saveState: SaveState;
  /** Why the server rejected the last save. */
  readonly saveError: string | null;
  /** Time of the next save attempt, in ms since 1970. Null unless offline. */
  readonly retryAt: number | null;
  readonly conflict: Conflict | null;
  readonly revision: number;
  readonly liveVersion: number | null;
  /** The number of the next published version. */
  readonly nextVersion: number;
  readonly paused: boolean;
  /** The run displayed on the canvas, or null. */
  readonly activeRunId: string | null;
  /** The newest known run. Its values stay available after it is hidden. */
  readonly lastRun: LastRun | null;
  /** IDs of nodes changed since the displayed run, after it ended. Null while the graph would run the same. */
  readonly changedSince: readonly string[] | null;
  readonly panel: 'inspector' | 'triggers' | 'webhook' | 'workflow' | 'versions' | null;
  readonly readOnly: boolean;
  readonly reveal: Reveal | null;
  /** The next screen reader announcement. */
  readonly announcement: string;
}

export interface EditorActions {
  /** Adds a node and selects it. Returns its ID, or undefined for an unknown type. */
  addNode(type: string, position: Point, options?: AddOptions): string | undefined;
  /** Inserts an existing node into an edge and moves it to a position. */
  insertOnEdge(nodeId: string, edgeId: string, position: Point): void;
  connect(edge: NewEdge): void;
  disconnect(edgeIds: readonly string[]): void;
  /** Sets how often a loop edge may restart its target. */
  setLoopLimit(edgeId: string, limit: number): void;
  moveNodes(places: ReadonlyMap<string, Point>): void;
  /** Drops nodes at places of the canvas, into the frames there or out of theirs. */
  dropNodes(dropped: readonly Dropped[]): void;
  /** Moves the selection out of its container or group, or into the nearest one. Returns false if there is none. */
  moveIntoContainer(): boolean;
  /** Moves the selection. Consecutive moves are one undo step. */
  nudge(by: Point): void;
  /** Lines up the selected nodes, or spaces them evenly. */
  arrange(how: Arrangement, sizes: Sizes): void;
  /** Puts the selection into a new group and selects it. Returns its ID, or undefined if the nodes are not all in one frame. */
  group(sizes: Sizes): string | undefined;
  /** Removes the selected groups and selects what was in them. Returns false if no group is selected. */
  ungroup(): boolean;
  /** Disables the selected steps, or enables them if all are disabled. Returns false if no step is selected. */
  toggleDisabled(): boolean;
  /** Sets a node’s params. A typing burst in one field is one undo step. */
  setParams(nodeId: string, params: Record<string, unknown>): void;
  /** Renames a node. An automatic key follows, in every expression that uses it. */
  setTitle(nodeId: string, title: string): void;
  /** Replaces parts of a node’s data. `undefined` removes a part. */
  setData(nodeId: string, part: NodeDataPart): void;
  setPolicy(nodeId: string, policy: Policy): void;
  setNodeSize(nodeId: string, size: Size): void;
  /** Renames a node’s key in every expression that uses it. Returns the reason if it can’t. */
  renameKey(nodeId: string, key: string): string | undefined;
  setVars(vars: Record<string, unknown>): void;
  /** Empty text removes them. */
  setHelpers(helpers: string): void;
  /** Replaces the whole graph as one undo step. */
  setGraph(graph: Graph): void;
  deleteSelection(): void;
  duplicateSelection(): void;
  /** The selection as clipboard text, or undefined if empty. */
  copyText(): string | undefined;
  /** Pastes clipboard text at a point, or beside its original. Returns false if it contains no fragment. */
  pasteText(text: string, at?: Point): boolean;
  /** Lays out the whole graph, in rows that fit the view. */
  tidyUp(sizes?: Sizes, view?: Size): Promise<void>;
  undo(): void;
  redo(): void;
  select(nodes: readonly string[], edges?: readonly string[]): void;
  selectAll(): void;
  openPanel(panel: EditorData['panel']): void;
  showProblem(problem: Problem): void;
  /** Brings a node into view and opens it. */
  showNode(nodeId: string): void;
  /** Opens a node’s step in this round of the displayed run. */
  showRound(nodeId: string, round: number): void;
  announce(words: string): void;
}

export interface RunActions {
  /** Saves, then starts a run of the draft and displays it. Throws ApiError. */
  startRun(input?: RunInput, part?: RunPart): Promise<string>;
  stopRun(): Promise<void>;
  /** Displays this run on the canvas. By default, it runs on the current graph. */
  showRun(runId: string, graph?: Graph | null): void;
  clearRun(): void;
  /** Saves, then publishes the draft. Returns the new version’s number, and what is live then. Throws ApiError. */
  publish(publishing?: Publishing): Promise<Published>;
  rename(name: string): Promise<void>;
  setPaused(paused: boolean): void;
}

export interface SaveActions {
  /** Saves at once. Resolves to true if everything is saved. */
  saveNow(): Promise<boolean>;
  keepMine(): void;
  takeTheirs(): void;
}

export type EditorState = EditorData & EditorActions & RunActions & SaveActions;

/** The part of the editor state covered by undo. */
export interface Remembered {
  readonly graph: Graph;
}
export type EditorStore = StoreApi<EditorState> & { readonly temporal: StoreApi<TemporalState<Remembered>> };

/** What publishing says about the version, and which live runs it takes. */
export interface Publishing {
  readonly note?: string | undefined;
  readonly release?: PublishRelease | undefined;
}

export interface Published {
  readonly number: number;
  /** The version that takes live runs now. */
  readonly live: number | null;
  /** Its gate takes longer. It is released once it has passed. */
  readonly checking: boolean;
}
