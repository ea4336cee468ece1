import { describe, expect, it } from 'vitest';
import { BUILT_IN_PRICES } from '../price.ts';
import { reportedFinish, reportedModel } from './reported.ts';

describe('the model that a server reports', () => {
  it.each([
    ...Object.keys(BUILT_IN_PRICES),
    'gpt-4.1-2025-04-14',
    'claude-3-5-sonnet@20240620',
    'models/gemini-2.5-flash-preview-09-2025',
    'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    'C:/models/qwen2.5-32b-q4_k_m.gguf',
    'hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M',
    'accounts/fireworks/models/deepseek-v3p1',
    'ft:gpt-4o-mini-2024-07-18:acme::9xYzAb1C',
    'Llama 3.3 70B Instruct',
  ])('is kept: %s', (name) => {
    expect(reportedModel(name, 'asked')).toBe(name);
  });

  it.each([
    [''],
    ['jane.roe@example.com'],
    ['4111 1111 1111 1111'],
    ['gpt-4111111111111111'.replace('gpt-', 'gpt/')],
    ['+49 170 1234567'],
    ['the message of a customer, in full'],
    ['<b>m</b>'],
    ['m'.repeat(201)],
    [{ name: 'm' }],
    [undefined],
  ])('is the requested one instead of %j', (value) => {
    expect(reportedModel(value, 'asked')).toBe('asked');
  });
});

describe('the reason to stop that a server reports', () => {
  it.each(['stop', 'length', 'tool_calls', 'content_filter', 'model_context_window_exceeded'])('is kept: %s', (reason) => {
    expect(reportedFinish(reason)).toBe(reason);
  });

  it.each([['jane.roe@example.com'], ['jane'], [{ stop: true }], [null], ['']])('is “other” instead of %j', (value) => {
    expect(reportedFinish(value)).toBe('other');
  });
});
