/** The graph, the lines of time, and what paper asks for. */
export const DRAWINGS = `
.drawing{padding:1rem}
svg text{fill:var(--ink);font:12px var(--sans)}
.graph{display:block;height:auto;min-width:62rem;max-width:100%}
.graph .layer{fill:var(--soft);font-size:11.5px}
.graph .edge{fill:none;stroke:var(--strong);stroke-width:1.2}
.graph .edge.decrypts{stroke:var(--accent);stroke-width:1.8}
.crowded .edge.decrypts{stroke-width:1.3;opacity:.5}
.graph .box rect{fill:var(--ground);stroke:var(--strong)}
.graph .box .edge-mark{fill:var(--strong);stroke:none}
.graph .box.decrypts .edge-mark{fill:var(--accent)}
.graph .box.many rect:first-of-type{stroke-dasharray:4 2}
.graph .box text{font-weight:550}
.graph .box .small{fill:var(--soft);font-size:10.5px;font-weight:400}
.graph .box{text-decoration:none;outline:none}
.graph .box:hover rect,.graph .box:focus-visible rect{stroke:var(--accent);stroke-width:2}
.graph:has(.box:is(:hover,:focus)) .edge{opacity:.12}
.time{width:22.5rem;min-width:22.5rem}
td.time{padding-top:.3rem;padding-bottom:.3rem;vertical-align:middle}
.scale text{fill:var(--soft);font-size:11px;text-anchor:middle}
.timeline{display:block}
.timeline text{font-size:10.5px;text-anchor:middle;fill:var(--soft)}
.timeline text.start{text-anchor:start}
.timeline .grid{stroke:var(--line)}
.timeline .now{stroke:var(--soft);stroke-dasharray:2 2}
.timeline .current{stroke:var(--accent);stroke-width:4}
.timeline .usable{stroke:color-mix(in srgb,var(--accent) 42%,var(--panel));stroke-width:4}
.timeline .closed{stroke:var(--strong);stroke-width:2;stroke-dasharray:3 3}
.timeline circle.current{fill:var(--accent);stroke:var(--panel);stroke-width:1.5}
.timeline circle.usable{fill:color-mix(in srgb,var(--accent) 55%,var(--panel));stroke:var(--panel);stroke-width:1.5}
.timeline circle.closed{fill:var(--panel);stroke:var(--strong);stroke-width:1.5;stroke-dasharray:none}
.timeline .due{fill:var(--panel);stroke:var(--accent);stroke-width:1.5}
.timeline .end{stroke:var(--high);stroke-width:3}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media (forced-colors:active){.mark.decrypt{background:CanvasText}}
@media print{
  :root{--ground:#fff}
  @page{size:A4 landscape;margin:12mm}
  body{font-size:11px}
  nav,.skip,.matrix .open{display:none}
  header.top,main,footer{max-width:none;padding:0}
  section{padding:.8rem 0 .4rem}
  .wide,.wide.tall{overflow:visible;max-height:none;border-radius:0}
  .matrix .name,.tall thead th{position:static}
  .group:has(.open:not(:checked)) .member{display:table-row}
  .graph{min-width:0;width:100%}
  details::details-content{content-visibility:visible;block-size:auto;opacity:1}
  tr,.finding,.tile,.diff>div{break-inside:avoid}
  h2{break-after:avoid}
  *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
