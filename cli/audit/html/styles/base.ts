/** Colours for light and dark, and the page's frame. Every pair of text and ground has a contrast of 4.5 at least. */
export const BASE = `
:root{
  color-scheme:light dark;
  --ground:#faf9f6;--panel:#fff;--ink:#1c2329;--soft:#59636d;--line:#e2ded6;--strong:#cbc5ba;
  --accent:#0b5a7d;--accent-soft:#d9e9f1;--write:#6b5ca5;--look:#8d959d;
  --critical:#9c1430;--high:#9a4207;--medium:#6f5600;--low:#4d5963;
  --critical-ground:#fbe6ea;--high-ground:#fdebdd;--medium-ground:#f8f0d4;--low-ground:#eceff1;
  --good:#1f6a43;--good-ground:#e0f1e7;
  --sans:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
  --mono:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;
}
@media (prefers-color-scheme:dark){:root{
  --ground:#13171b;--panel:#1a1f25;--ink:#e4e8eb;--soft:#9fabb5;--line:#2a3138;--strong:#3d464f;
  --accent:#76c1e6;--accent-soft:#17384a;--write:#b3a4ea;--look:#77828c;
  --critical:#ff95a5;--high:#ffb27d;--medium:#e6c964;--low:#b2bdc7;
  --critical-ground:#41161f;--high-ground:#3f2410;--medium-ground:#352d0d;--low-ground:#272e35;
  --good:#86d3a8;--good-ground:#14321f;
}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:3.5rem}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 var(--sans);overflow-wrap:break-word}
header.top,main,footer{max-width:80rem;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:2.5rem}
.over{margin:0;color:var(--soft);font-size:.85rem;letter-spacing:.02em}
.over strong{color:var(--ink);font-weight:600}
h1{margin:.15rem 0 .5rem;font-size:2.1rem;line-height:1.15;font-weight:650;letter-spacing:-.02em}
h2{margin:0 0 .25rem;font-size:1.3rem;font-weight:650;letter-spacing:-.01em}
h3{margin:0 0 .35rem;font-size:.95rem;font-weight:600}
p{margin:0 0 .6rem}
.lead{font-size:1.1rem;margin-bottom:.35rem}
.soft,.note{color:var(--soft)}
.note{max-width:62rem;font-size:.9rem;margin-bottom:.9rem}
.none{color:var(--soft);margin:.5rem 0}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
code,.id,.key{font-family:var(--mono);font-size:.86em}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--panel);padding:.4rem .8rem}
nav{position:sticky;top:0;z-index:5;background:color-mix(in srgb,var(--ground) 92%,transparent);backdrop-filter:blur(6px);border-bottom:1px solid var(--line);margin-top:1.5rem}
nav ul{max-width:80rem;margin:0 auto;padding:.55rem 1.5rem;display:flex;flex-wrap:wrap;gap:.15rem 1.25rem;list-style:none}
nav a{color:var(--soft);text-decoration:none;font-size:.88rem}
nav a:hover{color:var(--accent)}
section{padding:2rem 0 1rem}
section+section{border-top:1px solid var(--line)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1.4rem 0 0}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:.75rem 1rem}
.tile dt{font-size:.82rem}
.tile dt a{color:var(--soft);text-decoration:none}
.tile dt a:hover{color:var(--accent);text-decoration:underline}
.tile dd{margin:.1rem 0 0;font-size:.85rem}
.tile .big{font-size:1.7rem;font-weight:650;letter-spacing:-.02em;margin-right:.15rem;font-variant-numeric:tabular-nums}
footer{padding-top:1.5rem;padding-bottom:3rem;color:var(--soft);font-size:.85rem}
`;
