import { type FormSettings, formSettings } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { type Installation, timestamp } from '../../context.ts';
import { newId } from '../../ids.ts';
import { inputSchemaOf } from '../input-schema.ts';
import { noteDelivery } from '../note-delivery.ts';
import { hostedGraph, type OpenPage, openHosted } from '../open-hosted.ts';
import { startTriggered } from '../start-triggered.ts';

export interface OpenForm extends OpenPage {
  readonly settings: FormSettings;
}

/** The form of a token, if it is turned on. Throws `not-found`. */
export async function openForm(installation: Installation, token: string): Promise<OpenForm> {
  const page = await openHosted(installation, 'form', token);
  return { ...page, settings: formSettings.parse(page.trigger.settings) };
}

/** What the live version of its workflow asks for. Throws `not-found`, `not-published`, `paused`. */
export async function formSchema(form: OpenForm): Promise<JsonSchema> {
  return inputSchemaOf(form.context, await hostedGraph(form, 'form'));
}

export interface SentForm {
  readonly input: unknown;
  readonly nonce: string | undefined;
  /** The input may have files that are not stored yet. */
  readonly hasFiles: boolean;
}

/** Starts a run with this input, or returns the one that the same nonce has started. Throws as `startTriggered` does. */
export async function sendForm({ context, trigger }: OpenForm, { input, nonce, hasFiles }: SentForm): Promise<{ readonly runId: string }> {
  const at = timestamp(context);
  const event = nonce ?? newId('sub', context.now());
  try {
    const started = await startTriggered(context, { trigger, kind: 'form', input, event, hasFiles });
    await noteDelivery(context.store, trigger, event, { at, outcome: 'started', runId: started.runId });
    return started;
  } catch (thrown) {
    // Under its own ID, since a corrected form has the same nonce.
    await noteDelivery(context.store, trigger, newId('rej', context.now()), { at, outcome: 'rejected', code: toAppError(thrown).code });
    throw thrown;
  }
}
