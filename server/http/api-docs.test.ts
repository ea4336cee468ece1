import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { describe, expect, it } from 'vitest';
import { apiDocsPage } from './api-docs.ts';
import { openApiDocument } from './openapi.ts';

const document = openApiDocument('1.2.3');
const idsIn = (page: string): string[] => [...page.matchAll(/<details id="([^"]+)"/g)].map((found) => found[1] ?? '');

describe('the page of the API', () => {
  it('shows every operation with its parameters, body, and responses', () => {
    const page = apiDocsPage(document, '');
    const hooks = ['callWebhook', 'sendCallback', 'callTestWebhook', 'openForm', 'sendForm', 'openChat', 'getChatConversation', 'sendChatMessage', 'embedChat'];
    expect(idsIn(page).sort()).toEqual([...allContracts.map(({ id }) => id), ...hooks, 'getMetrics'].sort());
    const publish = page.slice(page.indexOf('id="startRun"'), page.indexOf('</details>', page.indexOf('id="startRun"')));
    expect(publish).toContain('<code>id</code> path, required: text');
    expect(publish).toContain('<code>wait</code> (optional): whole number, 0 to 300000');
    expect(publish).toContain('<dt>422</dt><dd><code>graph-has-problems</code>');
  });

  it('orders the operations of a group by path, reads before writes', () => {
    const ids = idsIn(apiDocsPage(document, 'workflows'));
    expect(ids.slice(0, 5)).toEqual(['listWorkflows', 'createWorkflow', 'getWorkflow', 'updateWorkflow', 'deleteWorkflow']);
  });

  it('loads nothing from elsewhere, and has no scripts', () => {
    const page = apiDocsPage(document, '');
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|javascript:|@import|url\(/i);
    expect([...page.matchAll(/(?:href|action|src)="([^"]+)"/g)].every((found) => /^[/#]/.test(found[1] ?? ''))).toBe(true);
  });

  it('shows only the operations that match every word of a search, in any case', () => {
    const ids = idsIn(apiDocsPage(document, 'WEBHOOK signing secret'));
    expect(ids).toEqual(['makeWebhookSecret', 'makeAlertRuleSecret']);
    expect(apiDocsPage(document, 'nothing is called so')).toContain('No operations match');
  });

  it.each(['"><script>alert(1)</script>', '</style><b>', "' autofocus onfocus='x", '&lt;'])('treats the search %s as text', (search) => {
    const page = apiDocsPage(document, search);
    expect(page).not.toContain(search);
    expect(page).not.toMatch(/<script|<b>/);
  });

  it('treats texts of the document as text', () => {
    const operation = { operationId: 'x', summary: '<img src=x onerror=alert(1)>', tags: ['<i>'], parameters: [], responses: { 200: { description: '<u>' } } };
    const page = apiDocsPage({ info: { version: '<1>' }, paths: { '/<a>': { get: operation } } }, '');
    expect(page).not.toMatch(/<img|<i>|<u>|<1>|\/<a>/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});
