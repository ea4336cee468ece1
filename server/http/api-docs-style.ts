/** Styles of the API reference: the colors and sizes of the app (client/theme/tokens.css), light and dark as the system is set. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --canvas: light-dark(#f5f6f8, #0c0f14); --surface: light-dark(#fff, #161a21); --sunken: light-dark(#f0f2f5, #10141a);
  --line: light-dark(#e2e5eb, #272d38); --line-strong: light-dark(#ccd2dc, #3a4250); --text: light-dark(#161a22, #e8ebf1); --text-2: light-dark(#454e5f, #b3bbc9);
  --accent: light-dark(#4f46e5, #8b8ff8); --mono: "JetBrains Mono", ui-monospace, monospace; }
* { box-sizing: border-box; }
html { scroll-padding-top: 16px; }
body { max-width: 1080px; margin: 0 auto; padding: 28px 28px 80px; background: var(--canvas); color: var(--text); font: 13px/20px Inter, system-ui, sans-serif; text-rendering: geometricPrecision; }
h1 { margin: 0; font-size: 20px; line-height: 28px; letter-spacing: -.01em; } h2 { margin: 28px 0 8px; font-size: 15px; } h3 { margin: 14px 0 4px; color: var(--text-2); font-size: 12px; font-weight: 600; }
p { margin: 2px 0; color: var(--text-2); } a { color: var(--accent); font-weight: 500; } a:not(:hover) { text-decoration-color: transparent; } p a { text-decoration-color: currentcolor !important; }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 16px; } label { color: var(--text-2); font-size: 12px; font-weight: 500; }
input, button { height: 32px; padding: 0 12px; border: 1px solid var(--line-strong); border-radius: 8px; background: var(--surface); color: inherit; font: inherit; text-rendering: inherit; }
input { flex: 1; min-width: 160px; max-width: 420px; } input::placeholder { color: var(--text-2); opacity: 1; } button { font-weight: 500; cursor: pointer; } button:hover { background: var(--sunken); }
nav { display: flex; flex-wrap: wrap; gap: 6px 18px; padding: 14px 0; border-bottom: 1px solid var(--line); }
.count { margin-top: 12px; font-size: 12px; }
details { border: 1px solid var(--line); border-top-width: 0; background: var(--surface); }
h2 + details { border-top-width: 1px; border-radius: 10px 10px 0 0; } details:last-child { border-radius: 0 0 10px 10px; } h2 + details:last-child { border-radius: 10px; }
summary { display: grid; grid-template-columns: 58px minmax(0, 370px) minmax(0, 1fr) 10px; gap: 2px 14px; align-items: baseline; min-height: 38px; padding: 8px 16px; list-style: none; cursor: pointer; }
summary::-webkit-details-marker { display: none; } summary::after { color: var(--text-2); content: "›" / ""; font-size: 15px; } details[open] > summary::after { rotate: 90deg; } summary:hover { background: color-mix(in srgb, var(--sunken) 60%, transparent); } details[open] > summary { background: var(--sunken); }
.call { padding: 0 16px 14px; border-top: 1px solid var(--line); }
:is(a, summary, input, button):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; } summary:focus-visible { outline-offset: -2px; border-radius: 8px; }
code { padding: 1px 5px; border-radius: 4px; background: var(--sunken); color: var(--text); font: 12px/18px var(--mono); overflow-wrap: anywhere; }
summary > code { padding: 0; background: none; } .what { color: var(--text-2); }
.method { color: var(--accent); font: 600 11px/18px var(--mono); }
.delete { color: light-dark(#c8281e, #ff8a80); } .get { color: light-dark(#15773b, #5ccb85); }
ul { margin: 2px 0; padding-left: 20px; } dl { margin: 0; } dt { margin-top: 8px; font-weight: 600; font-variant-numeric: tabular-nums; } dd { margin: 0; color: var(--text-2); }
@media (max-width: 640px) { body { padding: 16px 16px 60px; } summary { grid-template-columns: 58px minmax(0, 1fr) 10px; padding: 10px 14px; } .what { grid-column: 2; grid-row: 2; } }
`;
