/** How the report looks, on light and on dark screens. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1d2129; --soft: #667085; --line: #e4e7ec; --paper: #fff; --card: #f8f9fb;
  --good: #067647; --good-back: #e6f6ee; --bad: #b42318; --bad-back: #fdecea; --open: #93580c; --open-back: #fdf3e1;
  --ours: #0a7d5a; --stock: #d55e00; --fault: #b4231822;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ef; --soft: #98a2b3; --line: #2b3240; --paper: #12151c; --card: #191d27;
    --good: #57d39b; --good-back: #12352a; --bad: #ff8a7d; --bad-back: #40201e; --open: #f3b562; --open-back: #3b2c14;
    --ours: #3ecf9a; --stock: #ff9447; --fault: #ff6b5d33;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 40px 24px 80px; max-width: 1240px; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 44px 0 12px; }
.soft { color: var(--soft); }
.sums { display: flex; gap: 12px; flex-wrap: wrap; margin: 24px 0 0; }
.sum { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 18px; min-width: 120px; }
.sum b { display: block; font-size: 24px; line-height: 1.2; }
.row { display: grid; grid-template-columns: 360px 1fr; gap: 28px; align-items: start; border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin: 16px 0; background: var(--card); }
.row > * { min-width: 0; }
.row h3 { margin: 0 0 6px; font-size: 16px; display: flex; gap: 10px; align-items: center; flex-wrap: wrap; }
.row p { margin: 0 0 12px; color: var(--soft); }
.badge { font-size: 12px; font-weight: 600; border-radius: 99px; padding: 1px 10px; }
.true { color: var(--good); background: var(--good-back); } .false, .broken { color: var(--bad); background: var(--bad-back); } .unknown, .skipped { color: var(--open); background: var(--open-back); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.figures { width: 100%; font-size: 13.5px; }
.figures td { padding: 3px 0; border-top: 1px solid var(--line); } .figures td + td { text-align: right; white-space: nowrap; padding-left: 12px; }
.missed { color: var(--bad); } .met { color: var(--good); }
.invariants { display: flex; flex-wrap: wrap; gap: 4px; margin: 12px 0 0; padding: 0; list-style: none; }
.invariants li { font-size: 11.5px; font-weight: 600; border-radius: 6px; padding: 1px 6px; }
.wide { width: 100%; font-size: 14px; } .wide th { text-align: left; color: var(--soft); font-weight: 500; } .wide th, .wide td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); }
.wide td.number, .wide th.number { text-align: right; }
code, pre { font: 12.5px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; margin: 10px 0 0; }
details { margin-top: 10px; } summary { cursor: pointer; color: var(--soft); font-size: 13.5px; }
svg { width: 100%; height: auto; display: block; }
svg .rate { fill: none; stroke-width: 1.6; stroke-linejoin: round; } svg .silence { stroke-width: 1.6; }
svg .ours { stroke: var(--ours); } svg .stock { stroke: var(--stock); } svg .fault { fill: var(--fault); } svg .grid { stroke: var(--line); }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); } svg .mark { fill: var(--bad); font-weight: 600; }
.legend span { display: inline-flex; align-items: center; gap: 6px; margin-right: 18px; } .legend i { width: 16px; height: 3px; border-radius: 2px; display: inline-block; } .legend .band { height: 12px; background: var(--fault); }
@media (max-width: 900px) { .row { grid-template-columns: 1fr; } }
`
