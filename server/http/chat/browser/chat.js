/*
 * The script of a chat page. It keeps the ID of the conversation in the session storage of its tab, so a reload continues it. All texts are
 * shown as text, never as HTML.
 */

import { thumbs } from './thumbs.js';

const POLL_MS = 3_000;
const LONGEST_POLL_MS = 20_000;
const FAILED = 'Couldn’t answer. Send the message again, or try later.';
const UNREACHABLE = 'Couldn’t reach the server. Check your connection, then send the message again.';

export function startChat() {
  const base = location.pathname.replace(/\/$/, '');
  const view = createView((feedbackUrl, score) => {
    // Behind a proxy, this page’s own URL is right.
    const url = `${base.replace(/\/c\/[^/]*$/, '')}/feedback/${feedbackUrl.split('/').at(-1)}`;
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ score }),
      credentials: /** @type {const} */ ('omit'),
    };
    return fetch(url, request).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  const stored = createStored(`switchyard-chat:${base}`);
  let isBusy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const setBusy = (/** @type {boolean} */ busy) => {
    isBusy = busy;
    view.setBusy(busy);
  };

  /** Shows the conversation as the server has it, and looks again while an answer is open. */
  const refresh = async (/** @type {number} */ wait) => {
    clearTimeout(timer);
    const id = stored.get();
    if (id === null || isBusy) return;
    const response = await fetch(`${base}/messages`, { headers: { 'x-conversation-id': id }, credentials: 'omit' }).catch(() => undefined);
    if (response?.status === 404) return startAnew();
    if (response?.ok && !isBusy) {
      const { turns } = await response.json();
      view.showTurns(turns);
      const last = turns.at(-1)?.status;
      if (last !== 'running' && last !== 'waiting') return;
    }
    timer = setTimeout(() => (document.hidden ? refresh(wait) : refresh(Math.min(wait * 1.5, LONGEST_POLL_MS))), wait);
  };

  const startAnew = () => {
    clearTimeout(timer);
    stored.set(null);
    view.showTurns([]);
    view.focus();
  };

  const send = async (/** @type {string} */ text, /** @type {File[]} */ files) => {
    clearTimeout(timer);
    setBusy(true);
    const answer = view.addTurn([text, ...files.map(({ name }) => `[file: ${name}]`)].filter(Boolean).join('\n'));
    const ended = await ask(base, stored, { text, files }, answer);
    answer.end(ended);
    if (ended.status === 'unsent') view.giveBack(text, files);
    view.note(ended.status === 'unsent' ? ended.text : '', true);
    setBusy(false);
    view.focus();
    if (ended.status === 'running' || ended.status === 'waiting') timer = setTimeout(refresh, POLL_MS, POLL_MS);
  };

  view.onSend((text, files) => {
    if (!isBusy) void send(text, files);
  });
  view.onNew(() => {
    if (!isBusy) startAnew();
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && parent !== window) parent.postMessage('switchyard:close', '*');
  });
  void refresh(POLL_MS);
}

/**
 * Sends a message and reads its answer. `unsent`: no run was started.
 * @param {string} base
 * @param {ReturnType<typeof createStored>} stored
 * @param {{ text: string, files: File[] }} message
 * @param {ReturnType<ReturnType<typeof createView>['addTurn']>} answer
 * @returns {Promise<{ status: string, text: string }>}
 */
async function ask(base, stored, { text, files }, answer) {
  const conversation = stored.get();
  const fields = { ...(conversation !== null && { conversation }), text };
  const body = files.length > 0 ? formOf(fields, files) : JSON.stringify(fields);
  const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.replaceAll('.', '');
  const headers = { 'idempotency-key': key, ...(files.length === 0 && { 'content-type': 'application/json' }) };
  const response = await fetch(`${base}/messages`, { method: 'POST', headers, body, credentials: 'omit' }).catch(() => undefined);
  if (!response) return { status: 'unsent', text: UNREACHABLE };
  if (!response.ok || !response.body) {
    const problem = await response.json().catch(() => ({}));
    if (response.status === 404 && conversation !== null) stored.set(null);
    return { status: 'unsent', text: problem.errors?.[0]?.path === 'text' ? `This message ${problem.errors[0].message}.` : (problem.detail ?? FAILED) };
  }
  /** @type {{ status: string, text: string } | undefined} */
  let ended;
  try {
    for await (const { name, data } of eventsOf(response.body)) {
      if (name === 'conversation') {
        stored.set(data.conversation);
        answer.rateAt(data.feedbackUrl);
      }
      if (name === 'delta') answer.add(data.text);
      if (name === 'restart') answer.clear();
      if (name === 'done' || name === 'waiting') ended = { status: data.status, text: data.text };
      if (name === 'error') ended = { status: 'failed', text: data.detail };
    }
  } catch {
    // The connection broke: the answer is looked for again.
  }
  return ended ?? { status: 'running', text: '' };
}

/**
 * A message with files, as a form.
 * @param {Record<string, string>} fields
 * @param {File[]} files
 */
function formOf(fields, files) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const file of files) form.append('files', file);
  return form;
}

/**
 * The events of a stream, as the server writes them: one line of data each.
 * @param {ReadableStream<Uint8Array>} stream
 */
async function* eventsOf(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) };
    }
  }
}

/**
 * The ID of the conversation. Without session storage, for example in a frame that may not use it, it lasts until a reload.
 * @param {string} name
 */
function createStored(name) {
  /** @type {string | null} */
  let kept = null;
  try {
    kept = sessionStorage.getItem(name);
  } catch {}
  return {
    get: () => kept,
    set: (/** @type {string | null} */ id) => {
      kept = id;
      try {
        if (id === null) sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, id);
      } catch {}
    },
  };
}

/** @typedef {{ status: string, text: string | null, reply: string | null, feedbackUrl: string | null, score: number | null }} Turn */
/** @typedef {import('./thumbs.js').Rate} Rate */

/** What replaces an answer that has no text. */
const INSTEAD = /** @type {Record<string, string>} */ ({
  running: '…',
  failed: FAILED,
  removed: 'This answer is no longer stored.',
});

/**
 * The elements of the page.
 * @param {Rate} rate
 */
function createView(rate) {
  const log = element('log');
  const note = element('note');
  const text = /** @type {HTMLTextAreaElement} */ (element('text'));
  const form = /** @type {HTMLFormElement} */ (element('send'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  const anew = /** @type {HTMLButtonElement} */ (element('new'));
  const most = Number(text.dataset.most);
  const greeting = [...log.children];
  const attached = createAttached();
  const say = (/** @type {string} */ words, isWrong = false) => {
    note.textContent = words;
    note.className = isWrong ? 'wrong' : '';
  };
  const tooLong = () => (text.value.length > most ? `Too long: ${text.value.length.toLocaleString()} of ${most.toLocaleString()} characters.` : '');
  const add = (/** @type {string} */ words, /** @type {string} */ kind) => {
    const message = messageElement(words, kind);
    log.append(message);
    log.scrollTop = log.scrollHeight;
    anew.hidden = false;
    return message;
  };
  text.addEventListener('input', () => say(tooLong(), true));
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return {
    note: say,
    focus: () => text.focus(),
    giveBack: (/** @type {string} */ words, /** @type {File[]} */ files) => {
      if (text.value === '') text.value = words;
      attached.add(files);
    },
    setBusy: (/** @type {boolean} */ busy) => {
      button.setAttribute('aria-disabled', String(busy));
      // A screen reader reads the answer once it is whole.
      log.setAttribute('aria-busy', String(busy));
      if (busy) say('Answering…');
    },
    onSend: (/** @type {(text: string, files: File[]) => void} */ sent) =>
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        const words = text.value.trim();
        if ((words === '' && attached.isEmpty()) || tooLong() !== '' || button.getAttribute('aria-disabled') === 'true') return;
        text.value = '';
        sent(words, attached.take());
      }),
    onNew: (/** @type {() => void} */ chosen) => anew.addEventListener('click', chosen),
    showTurns: (/** @type {Turn[]} */ turns) => {
      log.replaceChildren(...greeting);
      anew.hidden = turns.length === 0;
      for (const { status, text: words, reply, feedbackUrl, score } of turns) {
        add(words ?? 'This message is no longer stored.', words === null ? 'own soft' : 'own');
        const message = add(reply ?? INSTEAD[status] ?? '', status === 'failed' ? 'failed' : status === 'answered' ? '' : 'soft');
        if (feedbackUrl !== null) message.append(thumbs(rate, feedbackUrl, score));
      }
    },
    addTurn: (/** @type {string} */ words) => {
      const own = add(words, 'own');
      return createAnswer(add('…', 'soft'), own, log, rate);
    },
  };
}

/** The files to send with the next message, each with a button that removes it. */
function createAttached() {
  const list = element('files');
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById('attach'));
  /** @type {File[]} */
  let files = [];
  const show = () => {
    list.replaceChildren(
      ...files.map((file) => {
        const item = document.createElement('li');
        const remove = document.createElement('button');
        remove.type = 'button';
        remove.textContent = '✕';
        remove.setAttribute('aria-label', `Remove ${file.name}`);
        remove.addEventListener('click', () => {
          files = files.filter((other) => other !== file);
          show();
          input?.focus();
        });
        item.append(file.name, remove);
        return item;
      }),
    );
  };
  const add = (/** @type {File[]} */ more) => {
    files = [...files, ...more];
    show();
  };
  input?.addEventListener('change', () => {
    add([...(input.files ?? [])]);
    input.value = '';
  });
  return {
    add,
    isEmpty: () => files.length === 0,
    take: () => {
      const taken = files;
      files = [];
      show();
      return taken;
    },
  };
}

/**
 * A message whose answer comes in parts.
 * @param {HTMLElement} message
 * @param {HTMLElement} own
 * @param {HTMLElement} log
 * @param {Rate} rate
 */
function createAnswer(message, own, log, rate) {
  let words = '';
  let feedbackUrl = '';
  const show = () => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    setText(message, words === '' ? '…' : words);
    message.className = words === '' ? 'message soft' : 'message';
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  };
  return {
    rateAt: (/** @type {string} */ url) => {
      feedbackUrl = url;
    },
    add: (/** @type {string} */ more) => {
      words += more;
      show();
    },
    clear: () => {
      words = '';
      show();
    },
    end: (/** @type {{ status: string, text: string }} */ { status, text }) => {
      if (status === 'unsent') {
        message.remove();
        own.remove();
        return;
      }
      if (status === 'running') return;
      words = text;
      show();
      if (status === 'failed') message.classList.add('failed');
      if (status === 'waiting') message.classList.add('soft');
      if (status === 'answered' && feedbackUrl !== '') {
        message.append(thumbs(rate, feedbackUrl, null));
        log.scrollTop = log.scrollHeight;
      }
    },
  };
}

/**
 * @param {string} words
 * @param {string} kind
 */
function messageElement(words, kind) {
  const message = document.createElement('div');
  message.className = `message ${kind}`;
  const who = document.createElement('span');
  who.className = 'hidden';
  who.textContent = kind.startsWith('own') ? 'You: ' : 'Reply: ';
  message.append(who, document.createElement('p'));
  setText(message, words);
  return message;
}

const LINK = /https?:\/\/[^\s<>"'()[\]]+[^\s<>"'()[\].,;:!?]/g;

/**
 * Shows a text with its URLs as links.
 * @param {HTMLElement} message
 * @param {string} words
 */
function setText(message, words) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let end = 0;
  for (const { 0: url, index } of words.matchAll(LINK)) {
    const link = document.createElement('a');
    Object.assign(link, { href: url, textContent: url, target: '_blank', rel: 'noopener noreferrer nofollow' });
    parts.push(words.slice(end, index), link);
    end = index + url.length;
  }
  message.querySelector('p')?.replaceChildren(...parts, words.slice(end));
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}
