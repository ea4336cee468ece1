import type { RouteSettings } from '@switchyard/shared/contracts/routes.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { mistakeInRouteExpression } from '@switchyard/shared/model/route-expression.ts';
import { connections } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { isModelConnection } from '../models/connection-view.ts';

/** Throws `bad-request` with a message for each invalid field. */
export async function checkRoute(store: WorkspaceStore, settings: RouteSettings): Promise<void> {
  const fields = [...(await checkConnections(store, settings)), ...checkExpressions(settings), ...checkWeights(settings)];
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path}: ${message}`).join('; '), { fields });
}

async function checkConnections(store: WorkspaceStore, { targets }: RouteSettings): Promise<FieldError[]> {
  const found = await Promise.all(targets.map(({ connectionId }) => store.get(connections, connectionId)));
  return found.flatMap((record, index) => {
    const path = `targets.${index}.connectionId`;
    if (!record) return [{ path, message: `connection “${targets[index]?.connectionId}” not found` }];
    return isModelConnection(record) ? [] : [{ path, message: `“${record.name}” is for HTTP requests, not for models` }];
  });
}

function checkExpressions({ targets, stickyKey }: RouteSettings): FieldError[] {
  const sources = [{ path: 'stickyKey', source: stickyKey }, ...targets.map(({ when }, index) => ({ path: `targets.${index}.when`, source: when }))];
  return sources.flatMap(({ path, source }) => {
    const message = typeof source === 'string' ? mistakeInRouteExpression(source)?.message : undefined;
    return message === undefined ? [] : [{ path, message }];
  });
}

function checkWeights({ targets, order }: RouteSettings): FieldError[] {
  const isShared = order === 'sequence' || targets.some(({ weight = 0 }) => weight > 0);
  return isShared ? [] : [{ path: 'targets', message: 'the order “weights” needs a target with a weight above 0' }];
}
