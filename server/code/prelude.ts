/** Characters of JSON that code may return. */
const MOST_OUTPUT = 16 * 1024 * 1024;

/*
 * Runs inside each realm before any user code, and keeps the built-ins it needs out of that code’s reach. It defines `console` and a seeded
 * `Math.random`, and leaves one global, `take`, that the host calls and that is then gone.
 */
export const PRELUDE = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const print = globalThis.print;
  delete globalThis.print;
  const text = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.name === '' ? value.message : value.name + ': ' + value.message;
    if (typeof value === 'function') return 'function ' + value.name;
    if (typeof value !== 'object' || value === null) return String(value);
    try {
      return stringify(value) ?? String(value);
    } catch (error) {
      return '(' + String(error?.message ?? 'unreadable') + ')';
    }
  };
  globalThis.console = {};
  for (const level of ['log', 'info', 'debug', 'warn', 'error']) {
    globalThis.console[level] = (...values) => {
      let line = '';
      for (let at = 0; at < values.length; at++) line += (at === 0 ? '' : ' ') + text(values[at]);
      print(level, line);
    };
  }
  const fail = (message) => {
    const error = new Error(message);
    error.name = '';
    error.stack = '';
    throw error;
  };
  // The generator sfc32.
  const random = (a, b, c, d) => () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  globalThis.take = () => {
    delete globalThis.take;
    return {
      seed: (a, b, c, d) => {
        Math.random = random(a, b, c, d);
      },
      call: (code, json, helpers) => {
        const { input, steps, item, index, vars } = parse(json);
        return code(input, steps, item, index, vars, helpers);
      },
      text,
      write: (value) => {
        if (typeof value === 'function' || typeof value === 'symbol') fail('The code returned a ' + typeof value + '. Return a JSON value.');
        let json;
        try {
          json = stringify(value) ?? 'null';
        } catch (error) {
          if (error?.message === 'circular reference') fail('The returned value contains itself, so it isn’t JSON.');
          if (error?.message === 'BigInt are forbidden in JSON.stringify') fail('The returned value contains a BigInt. Return a number or text.');
          throw error;
        }
        if (json.length > ${MOST_OUTPUT}) fail('The code returned more than 16 MB. Return only what later nodes need.');
        return json;
      },
    };
  };
})()`;
