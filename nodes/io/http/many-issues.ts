import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { isPath } from './json-path.ts';
import type { Batches, Pages } from './many-requests.ts';

interface Checked {
  readonly pages: Pages;
  readonly batches: Batches;
  readonly method: string;
  readonly bodyKind: string;
  readonly answer: 'json' | 'text' | 'file';
}

const PATH = 'Enter a path, for example data.items';

/** The problems of pagination and batches, before a run. */
export function manyIssues(params: Checked): ParamIssue[] {
  const { pages, batches, answer } = params;
  if (batches.on && pages.by !== 'none') return [{ path: ['batches', 'on'], message: 'Choose pagination or batches, not both' }];
  if (batches.on) return batchIssues(params);
  if (pages.by === 'none') return [];
  return [...(answer !== 'json' ? [{ path: ['answer'], message: 'Pages are read from JSON. Set the response format to JSON' }] : []), ...pageIssues(params)];
}

function pageIssues({ pages, bodyKind }: Checked): ParamIssue[] {
  const { by, items, next, cursor, parameter, place } = pages;
  const wrongPath = (name: string, path: string): ParamIssue[] => (isPath(path) ? [] : [{ path: ['pages', name], message: PATH }]);
  if (by === 'link') return [...wrongPath('items', items), ...wrongPath('next', next)];
  return [
    ...wrongPath('items', items),
    ...(by !== 'cursor' ? [] : cursor.trim() === '' ? [{ path: ['pages', 'cursor'], message: PATH }] : wrongPath('cursor', cursor)),
    ...(parameter.trim() === '' ? [{ path: ['pages', 'parameter'], message: 'Enter the name of the parameter' }] : []),
    ...(place === 'body' && bodyKind !== 'json' ? [{ path: ['pages', 'place'], message: 'Set the body to JSON, or send it in the query' }] : []),
    ...(place === 'body' ? wrongPath('parameter', parameter) : []),
  ];
}

function batchIssues({ batches: { list, parameter }, method, bodyKind }: Checked): ParamIssue[] {
  return [
    ...(list.trim() === '' ? [{ path: ['batches', 'list'], message: 'Enter the list, for example input.rows' }] : []),
    ...(isPath(parameter) ? [] : [{ path: ['batches', 'parameter'], message: PATH }]),
    ...(bodyKind === 'json' ? [] : [{ path: ['bodyKind'], message: 'Batches are sent as JSON. Set the body to JSON' }]),
    ...(method === 'GET' || method === 'HEAD' ? [{ path: ['method'], message: `A ${method} request can’t send batches` }] : []),
  ];
}
