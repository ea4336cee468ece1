import {
  type ConfiguredKind,
  MOST_SCHEDULE_INPUT,
  scheduleSettings,
  type Trigger,
  workflowEndedSettings,
} from '@switchyard/shared/contracts/triggers/triggers.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { isLeftOut } from '@switchyard/shared/sharing/left-out.ts';
import { readLoosely, writeLoosely } from '../expressions/json-text.ts';
import { cronOf, type Timing, timingOf, timingProblem } from './timing.ts';
import type { NewTrigger } from './trigger-queries.ts';

/** The fields of all kinds as texts, which survive a reload. */
export interface TriggerValues extends Timing {
  readonly timeZone: string;
  readonly missed: string;
  readonly overlap: string;
  readonly paused: string;
  /** The fixed input of a schedule as JSON, or empty. */
  readonly input: string;
  readonly title: string;
  readonly intro: string;
  readonly thanks: string;
  readonly greeting: string;
  readonly turns: string;
  readonly perMinute: string;
  /** `yes` or empty. */
  readonly blockBots: string;
  /** Separated by spaces. */
  readonly frameAncestors: string;
  readonly connectionId: string;
  readonly stream: string;
  readonly group: string;
  readonly from: string;
  /** Empty: none chosen, or all. */
  readonly workflowId: string;
  /** `failed,cancelled` */
  readonly statuses: string;
}

export interface FieldsProps {
  readonly values: TriggerValues;
  readonly onChange: (changes: Partial<TriggerValues>) => void;
}

/** The values of a new trigger. */
const firstValues = (kind: ConfiguredKind, timeZone: string, title: string): TriggerValues => ({
  ...timingOf('0 7 * * *'),
  timeZone,
  missed: 'once',
  overlap: 'skip',
  paused: 'wait',
  input: '',
  title,
  intro: '',
  thanks: 'Thank you.',
  greeting: '',
  turns: '10',
  perMinute: kind === 'chat' ? '20' : '5',
  blockBots: 'yes',
  frameAncestors: '',
  connectionId: '',
  stream: '',
  group: 'switchyard',
  from: 'new',
  workflowId: '',
  statuses: 'succeeded',
});

/** The values of a trigger, or of a new one of this kind, whose page has the title `title`. */
export function valuesOf(trigger: Trigger | ConfiguredKind, timeZone: string, title: string): TriggerValues {
  if (typeof trigger === 'string') return firstValues(trigger, timeZone, title);
  const first = firstValues(trigger.kind, timeZone, title);
  switch (trigger.kind) {
    case 'schedule': {
      const { cron, input = {}, ...settings } = trigger.settings;
      return { ...first, ...timingOf(cron), ...settings, input: Object.keys(input).length === 0 ? '' : writeLoosely(input) };
    }
    case 'form': {
      const { perMinute, blockBots, frameAncestors, ...texts } = trigger.settings;
      return { ...first, ...texts, perMinute: String(perMinute), blockBots: blockBots ? 'yes' : '', frameAncestors: frameAncestors.join(' ') };
    }
    case 'chat': {
      const { turns, perMinute, frameAncestors, ...texts } = trigger.settings;
      return { ...first, ...texts, turns: String(turns), perMinute: String(perMinute), frameAncestors: frameAncestors.join(' ') };
    }
    case 'queue':
      // A placeholder of a shared workflow: none is chosen yet.
      return { ...first, ...trigger.settings.source, ...(isLeftOut(trigger.settings.source.connectionId) && { connectionId: '' }) };
    case 'workflow-ended':
      return { ...first, workflowId: trigger.settings.workflowId, statuses: trigger.settings.statuses.join(',') };
    case 'error':
      return { ...first, workflowId: trigger.settings.workflowId ?? '' };
  }
}

const partsOf = (text: string, separator: RegExp): string[] => text.split(separator).filter((part) => part !== '');
export const statusesOf = (text: string): string[] => partsOf(text, /,/);

/** The settings as sent in requests. */
export function triggerBody(kind: ConfiguredKind, values: TriggerValues): NewTrigger {
  switch (kind) {
    case 'schedule': {
      const { timeZone, missed, overlap, paused } = values;
      return { kind, ...scheduleSettings.parse({ cron: cronOf(values), timeZone, missed, overlap, paused, input: scheduleInputOf(values.input) }) };
    }
    case 'form': {
      const { title, intro, thanks, perMinute, blockBots, frameAncestors } = values;
      const texts = { title: title.trim(), intro: intro.trim(), thanks: thanks.trim() };
      return { kind, ...texts, perMinute: Number(perMinute), blockBots: blockBots === 'yes', frameAncestors: partsOf(frameAncestors, /[\s,]+/) };
    }
    case 'chat': {
      const { title, greeting, turns, perMinute, frameAncestors } = values;
      const texts = { title: title.trim(), greeting: greeting.trim() };
      return { kind, ...texts, turns: Number(turns), perMinute: Number(perMinute), frameAncestors: partsOf(frameAncestors, /[\s,]+/) };
    }
    case 'queue': {
      const { connectionId, stream, group, from } = values;
      return { kind, source: { connectionId, stream: stream.trim(), group: group.trim(), from: from === 'beginning' ? from : 'new' } };
    }
    case 'workflow-ended':
      return { kind, workflowId: values.workflowId, statuses: workflowEndedSettings.shape.statuses.parse(statusesOf(values.statuses)) };
    case 'error':
      return { kind, workflowId: values.workflowId || null };
  }
}

/** A fixed input as typed. Undefined if it isn’t an object. */
export function scheduleInputOf(text: string): Record<string, unknown> | undefined {
  const value = readLoosely(text) ?? {};
  return isPlainObject(value) ? value : undefined;
}

function scheduleInputProblem(text: string): string | undefined {
  if (!scheduleInputOf(text)) return 'The fixed input must be a JSON object, for example {"articles": ["…"]}.';
  return text.length > MOST_SCHEDULE_INPUT ? `The fixed input is too long: at most ${MOST_SCHEDULE_INPUT.toLocaleString('en-US')} characters.` : undefined;
}

/** What is missing, if anything. */
export function triggerProblem(kind: ConfiguredKind, values: TriggerValues): string | undefined {
  switch (kind) {
    case 'schedule':
      return timingProblem(values) ?? scheduleInputProblem(values.input);
    case 'form':
      if (values.title.trim() === '') return 'Enter a title.';
      return values.thanks.trim() === '' ? 'Enter a thank-you text.' : undefined;
    case 'chat':
      return values.title.trim() === '' ? 'Enter a title.' : undefined;
    case 'queue':
      if (values.connectionId === '') return 'Choose a Redis connection.';
      if (values.stream.trim() === '') return 'Enter the name of the stream.';
      return values.group.trim() === '' ? 'Enter a consumer group.' : undefined;
    case 'workflow-ended':
      if (values.workflowId === '') return 'Choose a workflow.';
      return values.statuses === '' ? 'Choose at least one status.' : undefined;
    case 'error':
      return undefined;
  }
}
