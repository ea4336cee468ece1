import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, ERRORS, toAppError } from '@switchyard/shared/errors.ts';
import { type FormField, formFields } from '@switchyard/shared/forms/form-fields.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { newToken } from '../../services/ids.ts';
import { formInput } from '../../services/triggers/forms/form-input.ts';
import { formSchema, type OpenForm, openForm, sendForm } from '../../services/triggers/forms/open-form.ts';
import { decodeBody, isEncoded } from '../decode-body.ts';
import type { CallParts } from '../hooks/answer-call.ts';
import { readHookBody } from '../hooks/hook-body.ts';
import { sendJson } from '../hooks/hook-reply.ts';
import { mostBytes, refuseLongFields } from '../hooks/parse-call.ts';
import { messagePage, sendPage } from '../hosted/hosted-page.ts';
import { formPage, isFileField, NONCE_FIELD, TRAP_FIELD, thanksPage } from './form-page.ts';

/*
 * The page of a form, and its submission (S77). The page has no scripts, and no cookie is read. A nonce makes a form that is sent twice start
 * one run. A bot that fills in the hidden field gets the thank-you page, and nothing starts.
 */

export type FormParts = Pick<CallParts, 'installation' | 'gate' | 'intake' | 'addressOf' | 'rates'>;

const BODY_BYTES = 1_000_000;
const NONCE = /^[\w-]{22}$/;

/** Answers GET with the form, and POST with thanks or what to correct. JSON gets JSON. */
export async function answerForm(parts: FormParts, request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
  const { method = '' } = request;
  const isJson = /\bjson\b/i.test(request.headers['content-type'] ?? '');
  let frames: readonly string[] = [];
  try {
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
      response.setHeader('allow', 'GET, HEAD, POST');
      throw new AppError('method-not-allowed', 'Open the form with GET, and send it with POST.', { details: { allowed: ['GET', 'HEAD', 'POST'] } });
    }
    parts.gate.refuseWhenFull();
    const form = await openForm(parts.installation, token.length > 100 ? '' : token);
    frames = form.settings.frameAncestors;
    const fields = formFields(await formSchema(form));
    if (method === 'POST') return await takeForm(parts, request, response, { form, fields, isJson });
    sendPage(response, 200, formPage({ settings: form.settings, fields, nonce: newToken(), values: {}, errors: [] }), frames);
  } catch (thrown) {
    if (isJson) throw thrown;
    const error = toAppError(thrown);
    const { title, status } = ERRORS[error.code];
    if (error.retryAfterMs !== undefined) response.setHeader('retry-after', String(Math.ceil(error.retryAfterMs / 1_000)));
    sendPage(response, status, messagePage(title, status >= 500 && error.code === 'internal' ? 'Try again later.' : error.message), frames);
  }
}

interface SentForm {
  readonly form: OpenForm;
  readonly fields: readonly FormField[];
  readonly isJson: boolean;
}

async function takeForm(parts: FormParts, request: IncomingMessage, response: ServerResponse, sent: SentForm): Promise<void> {
  const { form, fields, isJson } = sent;
  const { settings, trigger } = form;
  const from = parts.addressOf(request);
  const retryAfterMs = await parts.rates.take(`form:${trigger.id}:${from}`, settings.perMinute);
  if (retryAfterMs > 0) throw new AppError('rate-limited', 'You have sent this form too often. Wait a minute, then try again.', { retryAfterMs });
  const fileFields = new Set(fields.filter(isFileField).map(({ name }) => name));
  const maxBytes = fileFields.size > 0 ? mostBytes(request.headers['content-type'], BODY_BYTES) : BODY_BYTES;
  const raw = await parts.intake.read(request, maxBytes, [`webhook ${trigger.workflowId}`, `address ${from}`]);
  const leave = parts.gate.enter(trigger.workflowId, from);
  try {
    const encoding = request.headers['content-encoding'];
    const whole = isEncoded(encoding) && raw.length > 0 ? await decodeBody(raw, encoding, maxBytes) : raw;
    const read = readHookBody(whole, request.headers['content-type'] ?? '', (field) => (fileFields.has(field) ? 'file' : 'text'));
    refuseLongFields(whole, read, BODY_BYTES);
    const { body, readAs, files } = read;
    const { [NONCE_FIELD]: nonce, [TRAP_FIELD]: trap, ...values } = isPlainObject(body) ? body : {};
    const known = typeof nonce === 'string' && NONCE.test(nonce) ? nonce : undefined;
    const thank = (runId?: string): void => {
      if (isJson) sendJson(response, 202, { received: true, ...(runId !== undefined && { runId }) });
      else sendPage(response, 200, thanksPage(settings), settings.frameAncestors);
    };
    if (settings.blockBots && typeof trap === 'string' && trap !== '') return thank();
    const input = readAs === 'json' ? (isPlainObject(body) ? values : body) : formInput(fields, values);
    try {
      thank((await sendForm(form, { input, nonce: known, hasFiles: files !== undefined })).runId);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (isJson || error.code !== 'bad-input') throw thrown;
      const page = formPage({ settings, fields, nonce: known ?? newToken(), values, errors: error.fields });
      sendPage(response, ERRORS['bad-input'].status, page, settings.frameAncestors);
    }
  } finally {
    leave();
  }
}
