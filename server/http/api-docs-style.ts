/** How the page of the API looks: the colours of the editor, light and dark as the system has it. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1b1e28, #e8eaf0); --quiet: light-dark(#565d70, #a3aabb); --line: light-dark(#e3e6ee, #2c3140);
  --page: light-dark(#f7f8fb, #12141a); --card: light-dark(#fff, #1a1d26); --accent: light-dark(#4548c4, #a3a6ff); --code: light-dark(#eef0f6, #252a37); }
* { box-sizing: border-box; }
body { max-width: 980px; margin: 0 auto; padding: 32px 20px 80px; background: var(--page); color: var(--text); font: 14px/1.55 Inter, system-ui, sans-serif; }
h1 { margin: 0; font-size: 20px; } h2 { margin: 32px 0 10px; font-size: 16px; } h3 { margin: 14px 0 4px; color: var(--quiet); font-size: 12px; font-weight: 600; }
p { margin: 6px 0; color: var(--quiet); } a { color: var(--accent); }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 14px; }
input, button { padding: 6px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: inherit; font: inherit; }
input { flex: 1; min-width: 180px; max-width: 420px; } button { cursor: pointer; }
nav { display: flex; flex-wrap: wrap; gap: 6px 16px; padding: 14px 0; border-bottom: 1px solid var(--line); }
details { margin: 6px 0; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
summary { padding: 8px 12px; cursor: pointer; } .call { padding: 0 14px 12px; border-top: 1px solid var(--line); }
:is(a, summary, input, button):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { padding: 1px 5px; border-radius: 5px; background: var(--code); font: 12.5px/1.5 "JetBrains Mono", ui-monospace, monospace; overflow-wrap: anywhere; }
summary code { background: none; padding: 0; } .what { color: var(--quiet); }
.method { display: inline-block; min-width: 58px; font: 600 11.5px/1.5 "JetBrains Mono", ui-monospace, monospace; color: var(--accent); }
.delete { color: light-dark(#b3261e, #ff9b92); } .get { color: light-dark(#196b45, #6fd3a3); }
ul { margin: 2px 0; padding-left: 20px; } dl { margin: 0; } dt { margin-top: 8px; font-weight: 600; } dd { margin: 0; }
`;
