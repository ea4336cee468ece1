import type { ChatSettings } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { browserScript } from './chat-page.ts';

/** The script that adds a button for the chat to a page of another site. Who may embed the chat is public: its page says so to every browser. */
export function embedScript({ title, frameAncestors }: ChatSettings, url: string): string {
  const chat = JSON.stringify({ url, title, allowed: frameAncestors }).replaceAll('<', '\\u003c');
  return browserScript(['embed.js'], `embedChat(${chat});`);
}
