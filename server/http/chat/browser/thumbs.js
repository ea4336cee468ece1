/*
 * The part of the chat page that takes feedback on an answer. It becomes one script with chat.js.
 */

const THUMB = 'M7 21V10l5-8 1.6.8-.8 5.2h6.4l1.8 2-2.2 9.4L17 21zM3 10h4v11H3z';

/** @typedef {(feedbackUrl: string, score: number) => Promise<boolean>} Rate */

/**
 * Two buttons that say whether an answer was good. A press counts at once, and another one replaces it.
 * @param {Rate} rate
 * @param {string} feedbackUrl
 * @param {number | null} score
 */
export function thumbs(rate, feedbackUrl, score) {
  const row = document.createElement('div');
  row.className = 'thumbs';
  const status = document.createElement('span');
  status.setAttribute('role', 'status');
  const buttons = [1, 0].map((value) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-label', value === 1 ? 'Good answer' : 'Bad answer');
    button.append(thumb(value === 0));
    button.addEventListener('click', async () => {
      show(value);
      const isSent = await rate(feedbackUrl, value);
      if (!isSent) show(score);
      else score = value;
      status.textContent = isSent ? 'Thanks for the feedback.' : 'Couldn’t send the feedback. Try again.';
    });
    return button;
  });
  const show = (/** @type {number | null} */ pressed) => {
    for (const [index, button] of buttons.entries()) button.setAttribute('aria-pressed', String(pressed === 1 - index));
  };
  show(score);
  row.append(...buttons, status);
  return row;
}

/** @param {boolean} isDown */
function thumb(isDown) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', THUMB);
  if (isDown) path.setAttribute('transform', 'rotate(180 12 12)');
  svg.append(path);
  return svg;
}
