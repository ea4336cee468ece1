import type { WorkspaceStore } from '../store/port.ts';

/** The part of the store that processes share. */
export interface SharedStore {
  in(workspaceId: string): SharedRecords;
}

export type SharedRecords = Pick<WorkspaceStore, 'get' | 'find' | 'insert' | 'update' | 'delete'>;
