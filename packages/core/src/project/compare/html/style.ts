/** The style of the document of a comparison. */
export const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f5f2, #151614);
  --card: light-dark(#ffffff, #1d1f1c);
  --ink: light-dark(#1d1f1b, #e9e8e3);
  --soft: light-dark(#6a6c64, #9b9d93);
  --line: light-dark(#e3e1da, #2e312c);
  --accent: light-dark(#2f6b4f, #7fc3a0);
  --added: light-dark(#1f7a4d, #6fca97);
  --added-back: light-dark(#dff3e6, #1c3a2a);
  --removed: light-dark(#b3362b, #f0938a);
  --removed-back: light-dark(#fbe4e1, #43211e);
  --changed: light-dark(#8a6100, #e0b95a);
  --changed-back: light-dark(#fbf0d6, #3a2f14);
  --renamed: light-dark(#355f9b, #93b8ea);
  --renamed-back: light-dark(#e4edf9, #1f2c40);
  --check: light-dark(#e9e7e0, #262924);
  --well: light-dark(#efede8, #181a17);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--page);
  color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  -webkit-text-size-adjust: 100%;
}
main, .top { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
.top { padding-top: 40px; }
h1 { font-size: 26px; line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
.where { color: var(--soft); margin: 6px 0 0; overflow-wrap: anywhere; }
code, .mono { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: 0.92em; }
.facts { display: flex; flex-wrap: wrap; gap: 10px 32px; margin: 22px 0 0; padding: 0; list-style: none; }
.facts b { display: block; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.facts span { color: var(--soft); font-size: 13px; }
.pages { margin: 20px 0 0; font-size: 14px; }
.pages summary { width: fit-content; color: var(--soft); cursor: pointer; }
.pages table { margin: 8px 0 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.pages th, .pages td { padding: 4px 28px 4px 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
.pages th { font-weight: 400; text-align: left; white-space: normal; overflow-wrap: anywhere; }
.pages td:last-child { padding-right: 0; font-weight: 600; }
.box { margin: 24px 0 0; padding: 14px 18px; border-radius: 10px; background: var(--changed-back); }
.box.failed { background: var(--removed-back); }
.box h2 { margin: 0 0 4px; font-size: 15px; font-weight: 600; }
.box ul { margin: 0; padding-left: 18px; }
.box li { overflow-wrap: anywhere; }
.bar {
  position: sticky; top: 0; z-index: 3; margin-top: 28px;
  background: color-mix(in srgb, var(--page) 88%, transparent);
  backdrop-filter: blur(10px);
  border-bottom: 1px solid var(--line);
}
.bar div { max-width: 1180px; margin: 0 auto; padding: 10px 24px; display: flex; gap: 4px; align-items: center; }
.bar[hidden] { display: none; }
.bar button {
  appearance: none; border: 0; border-radius: 7px; padding: 6px 12px; font: inherit; font-size: 14px;
  color: var(--soft); background: none; cursor: pointer;
}
.bar button:hover { color: var(--ink); }
.bar button[aria-pressed='true'] { background: var(--card); color: var(--ink); box-shadow: 0 0 0 1px var(--line), 0 1px 2px rgb(0 0 0 / 6%); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
article { margin: 28px 0; background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: clip; }
article > header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; padding: 16px 20px 14px; }
article h2 { margin: 0; font-size: 16px; font-weight: 600; overflow-wrap: anywhere; min-width: 0; }
.badge { font-size: 12px; font-weight: 600; border-radius: 99px; padding: 2px 9px; }
.badge.added { color: var(--added); background: var(--added-back); }
.badge.removed { color: var(--removed); background: var(--removed-back); }
.badge.changed { color: var(--changed); background: var(--changed-back); }
.badge.renamed { color: var(--renamed); background: var(--renamed-back); }
.meta { color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; margin-left: auto; display: flex; flex-wrap: wrap; gap: 2px 16px; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1px; background: var(--line); border-block: 1px solid var(--line); position: relative; }
.pair.single { grid-template-columns: minmax(0, 1fr); }
figure { margin: 0; position: relative; background: var(--card); display: flex; flex-direction: column; }
.frame {
  flex: 1; display: grid; place-items: center; min-height: 120px; background: var(--well);
}
figure img {
  display: block; max-width: 100%; max-height: 72vh; width: auto; height: auto;
  background: repeating-conic-gradient(var(--check) 0 25%, var(--card) 0 50%) 0 0 / 20px 20px;
}
.single figure img { max-height: 56vh; }
figure .none { color: var(--soft); padding: 32px; text-align: center; background: var(--card); border-radius: 8px; margin: 24px; }
figcaption { position: absolute; left: 10px; bottom: 10px; padding: 2px 9px; border-radius: 6px; font-size: 12px; background: rgb(20 20 18 / 66%); color: #fff; font-variant-numeric: tabular-nums; }
.difference { display: none; }
.slide { display: none; }
[data-mode='slider'] .pair.both { display: block; }
[data-mode='slider'] .pair.both .after { position: absolute; inset: 0; }
[data-mode='slider'] .pair.both .after figcaption { left: auto; right: 10px; }
[data-mode='slider'] .pair.both figure img { width: 100%; max-height: 80vh; object-fit: contain; }
[data-mode='slider'] .pair.both .frame { min-height: 0; }
[data-mode='slider'] .pair.both .before .frame { display: block; }
[data-mode='slider'] .pair.both .after .frame { display: block; }
[data-mode='slider'] .pair.both .slide { display: block; }
.slide { position: absolute; inset: 0; z-index: 1; }
.slide input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: ew-resize; }
.slide i { position: absolute; top: 0; bottom: 0; width: 2px; margin-left: -1px; background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / 30%); pointer-events: none; }
.slide i::after {
  content: '\\2194'; position: absolute; top: 50%; left: 50%; width: 34px; height: 34px; margin: -17px 0 0 -17px;
  border-radius: 50%; background: #fff; color: #1d1f1b; display: grid; place-items: center; font: 17px/1 system-ui;
  box-shadow: 0 1px 5px rgb(0 0 0 / 35%);
}
.slide input:focus-visible + i::after { outline: 3px solid var(--accent); outline-offset: 2px; }
[data-mode='difference'] .pair.different .before { display: none; }
[data-mode='difference'] .pair.different .difference { display: flex; order: -1; }
.more { padding: 14px 20px 18px; display: flex; gap: 18px; align-items: flex-start; }
.more > div { display: grid; gap: 10px; flex: 1; min-width: 0; }
.thumb { width: 132px; max-height: 132px; object-fit: contain; border-radius: 7px; flex: none; background: var(--well); }
header + .more { padding-top: 0; }
.prompt { margin: 0; max-width: 78ch; overflow-wrap: anywhere; white-space: pre-wrap; }
del { color: var(--removed); background: var(--removed-back); text-decoration-thickness: 1px; border-radius: 3px; padding: 0 2px; }
ins { color: var(--added); background: var(--added-back); text-decoration: none; border-radius: 3px; padding: 0 2px; }
dl { margin: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 18px; font-size: 14px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.warn { color: var(--changed); font-size: 14px; margin: 0; overflow-wrap: anywhere; }
.quiet { color: var(--soft); }
.empty { text-align: center; padding: 80px 0; color: var(--soft); }
footer { max-width: 1180px; margin: 0 auto; padding: 8px 24px 48px; color: var(--soft); font-size: 13px; }
@media (max-width: 720px) {
  main, .top, .bar div, footer { padding-inline: 14px; }
  .top { padding-top: 24px; }
  h1 { font-size: 22px; }
  .meta { margin-left: 0; width: 100%; }
  body:not([data-mode='slider']) .pair { grid-template-columns: minmax(0, 1fr); }
  article { border-radius: 10px; margin: 18px 0; }
  article > header, .more { padding-inline: 14px; }
  .frame { min-height: 80px; }
  .thumb { width: 84px; }
  [data-mode='slider'] .both .size { display: none; }
}
@media (prefers-reduced-motion: no-preference) { .bar button { transition: background 0.15s, color 0.15s; } }
@media print { .bar { display: none; } article { break-inside: avoid; } }
`
