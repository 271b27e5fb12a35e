/** Tables, findings, differences. */
export const PARTS = `
.wide{position:relative;overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--panel);margin:.4rem 0 .9rem}
.wide.tall{overflow:auto;max-height:min(85vh,60rem)}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.88rem}
caption{text-align:left;font-weight:600;padding:.7rem 1rem .2rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .9rem;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.82rem;white-space:nowrap;background:var(--panel)}
tbody th{font-weight:550}
.number{text-align:right;font-variant-numeric:tabular-nums}
.tall thead th{position:sticky;top:0;z-index:2;border-bottom:1px solid var(--strong)}
.tall tbody:first-of-type tr:first-child>*{border-top:0}
.id{display:block;color:var(--soft);font-weight:400;font-size:.76rem;overflow-wrap:anywhere}
ul.plain{list-style:none;margin:0;padding:0}
.late{color:var(--high);font-weight:600}
.sev{display:inline-block;border-radius:999px;padding:.02rem .55rem;font-size:.78rem;font-weight:600;border:1px solid currentColor;white-space:nowrap}
.sev.critical{color:var(--critical);background:var(--critical-ground)}
.sev.high{color:var(--high);background:var(--high-ground)}
.sev.medium{color:var(--medium);background:var(--medium-ground)}
.sev.low{color:var(--low);background:var(--low-ground)}
details>summary{cursor:pointer;padding:.35rem 0;border-radius:6px}
details.findings>ul{list-style:none;margin:.2rem 0 1rem;padding:0;border:1px solid var(--line);border-radius:10px;background:var(--panel)}
.finding{padding:.75rem 1rem}
.finding+.finding{border-top:1px solid var(--line)}
.finding p{margin:0;overflow-wrap:anywhere}
.finding .what{font-weight:550}
.finding .what code{font-weight:400;margin-left:.35rem;font-size:.78rem}
.finding .what+.what{margin-top:.3rem}
.finding .facts{font-size:.88rem;margin-top:.25rem}
.finding .id{margin-top:.1rem}
details.fold{margin:.4rem 0}
.diff{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:.9rem}
.diff>div{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--strong);border-radius:8px;padding:.75rem 1rem}
.diff>.gained{border-left-color:var(--high)}
.diff>.lost{border-left-color:var(--good)}
.diff ul{margin:0;padding-left:1.1rem;font-size:.9rem}
.diff li{overflow-wrap:anywhere}
.diff .who{font-weight:550}
.counts{font-weight:550;margin-bottom:.4rem}
svg.bar{display:block;width:100%;height:10px;border-radius:5px;margin-bottom:1rem}
.bar .fresh{fill:var(--accent)}.bar .stale{fill:var(--high)}.bar .unknown{fill:var(--strong)}
.paths td,.paths th{overflow-wrap:anywhere;min-width:8rem}
`;
