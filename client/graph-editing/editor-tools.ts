import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import type { SaveOutcome, ServerDraft } from './autosave.ts';
import type { EditorState, Published, Publishing, Remembered, RunInput, RunPart } from './editor-state.ts';
import type { History } from './history.ts';
import type { LocalDraft } from './local-draft.ts';
import type { RenameKey } from './operations/fragment.ts';

/** The editor’s server calls. `saveDraft` and `loadDraft` never reject. The others throw ApiError. */
export interface EditorServer {
  saveDraft(workflowId: string, graph: Graph, revision: number): Promise<SaveOutcome>;
  loadDraft(workflowId: string): Promise<ServerDraft | undefined>;
  /** Returns the run’s ID. */
  /** `files` are for fields of the input. */
  startRun(workflowId: string, input: RunInput, part: RunPart, files: readonly [string, File][]): Promise<string>;
  cancelRun(runId: string): Promise<void>;
  publish(workflowId: string, publishing: Publishing): Promise<Published>;
  rename(workflowId: string, name: string): Promise<void>;
}

/** The editor’s dependencies, replaced in tests. */
export interface EditorTools {
  readonly definitions: (type: string) => NodeDefinition | undefined;
  check(graph: Graph, catalog: NodeCatalog): Problem[];
  readonly renameKey: RenameKey;
  readonly server: EditorServer;
  /** Calls back once this run has ended, immediately if it already has. Returns a function that stops waiting. */
  whenRunEnds(runId: string, then: () => void): () => void;
  readonly drafts: { keep(graph: Graph, revision: number): void; forget(): void };
  /** A draft of this workflow stored in this browser. */
  readonly kept: LocalDraft | undefined;
  /** The workflow’s undo history from when its editor was last closed on this page. */
  readonly remembered?: UndoHistory | undefined;
  after(ms: number, then: () => void): () => void;
  now(): number;
}

/** A graph with its undo and redo steps. */
export interface UndoHistory {
  readonly graph: Graph;
  readonly past: readonly Partial<Remembered>[];
  readonly future: readonly Partial<Remembered>[];
}

/** A workflow as stored on the server. */
export interface OpenWorkflow {
  readonly id: string;
  readonly name: string;
  readonly draft: Graph;
  readonly draftRevision: number;
  readonly liveVersion: number | null;
  /** The last published version. Missing in views that can’t be edited. */
  readonly latestVersion?: number;
  readonly paused: boolean;
  readonly updatedAt: string | null;
  readonly readOnly?: boolean;
}

/** Dependencies of action groups. */
export interface ActionParts {
  set(part: Partial<EditorState>): void;
  get(): EditorState;
  readonly tools: EditorTools;
  readonly history: History;
}
