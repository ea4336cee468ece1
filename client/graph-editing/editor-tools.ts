import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import type { SaveOutcome, ServerDraft } from './autosave.ts';
import type { EditorState, Remembered, RunInput, RunRef } from './editor-state.ts';
import type { History } from './history.ts';
import type { KeptDraft } from './kept-draft.ts';
import type { RenameKey } from './operations/fragment.ts';

/** All that the editor asks of the server. `saveDraft` and `loadDraft` never reject; the others throw ApiError. */
export interface EditorServer {
  saveDraft(workflowId: string, graph: Graph, revision: number): Promise<SaveOutcome>;
  loadDraft(workflowId: string): Promise<ServerDraft | undefined>;
  startRun(workflowId: string, input: RunInput): Promise<RunRef>;
  cancelRun(runId: string): Promise<void>;
  publish(workflowId: string, note: string | undefined): Promise<number>;
  rename(workflowId: string, name: string): Promise<void>;
}

/** What the editor rests on; tests put their own in. */
export interface EditorTools {
  readonly definitions: (type: string) => NodeDefinition | undefined;
  check(graph: Graph, catalog: NodeCatalog): Problem[];
  readonly renameKey: RenameKey;
  readonly server: EditorServer;
  readonly drafts: { keep(graph: Graph, revision: number): void; forget(): void };
  /** A draft of this workflow that the browser kept. */
  readonly kept: KeptDraft | undefined;
  /** The undo history this page had of the workflow when its editor was last closed. */
  readonly remembered?: UndoHistory | undefined;
  after(ms: number, then: () => void): () => void;
  now(): number;
}

/** A graph with what Undo and Redo lead to from it. */
export interface UndoHistory {
  readonly graph: Graph;
  readonly past: readonly Partial<Remembered>[];
  readonly future: readonly Partial<Remembered>[];
}

/** What is open: a workflow as the server has it. */
export interface OpenWorkflow {
  readonly id: string;
  readonly name: string;
  readonly draft: Graph;
  readonly draftRevision: number;
  readonly liveVersion: number | null;
  readonly paused: boolean;
  readonly updatedAt: string | null;
  readonly readOnly?: boolean;
}

/** What groups of actions are made of. */
export interface ActionParts {
  set(part: Partial<EditorState>): void;
  get(): EditorState;
  readonly tools: EditorTools;
  readonly history: History;
}
