/** The matrix: heads and names stay where they are while the rest moves. Groups fold by a box to tick, without a script. */
export const MATRIX = `
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;margin:.4rem 0 .6rem;padding:0;font-size:.85rem;color:var(--soft)}
.mark{display:inline-block;width:.78em;height:.78em;border-radius:50%;border:2px solid var(--look);vertical-align:-.04em}
.mark.decrypt{background:var(--accent);border-color:var(--accent)}
.mark.write{border-color:var(--write)}
.mark.look{width:.5em;height:.5em;background:var(--look);margin:.14em;vertical-align:-.02em}
.mark.unknown{border-style:dotted}
.mark.danger{margin:0 3px;outline:2px solid var(--critical);outline-offset:1.5px}
.mark.undeclared{border-radius:1px;border-color:var(--critical)}
.mark.decrypt.undeclared{background:var(--critical)}
.matrix .name{position:sticky;left:0;z-index:1;background:var(--panel);min-width:15rem;max-width:26rem;overflow-wrap:anywhere;border-right:1px solid var(--line)}
.matrix thead .name{z-index:3}
.matrix th a{color:inherit;text-decoration:none}
.matrix th a:hover{color:var(--accent);text-decoration:underline}
.matrix .head>*{background:color-mix(in srgb,var(--line) 45%,var(--panel));color:var(--soft);font-weight:550;font-size:.84rem;padding-top:.3rem;padding-bottom:.3rem}
.matrix .head b{color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}
.matrix .member .name{font-weight:500;padding-left:1.4rem}
.matrix .member:hover>*{background:var(--accent-soft)}
.matrix .member:target>*{background:var(--accent-soft)}
.matrix thead .col{font-family:var(--mono);font-size:.92em}
.matrix sup,.legend sup{color:var(--high);font-weight:700;margin-left:.2rem;line-height:0}
.matrix .words{margin-left:.15rem}
.matrix label{cursor:pointer;display:block}
.matrix .open{accent-color:var(--accent);margin:0 .5rem 0 0;vertical-align:-.1em}
.group:has(.open:not(:checked)) .member{display:none}
.matrix.narrow{width:auto}
.narrow td{text-align:center;padding:.28rem 0;width:2rem;min-width:2rem}
.narrow thead th:not(.name){padding:.5rem 0;vertical-align:bottom;width:2rem;min-width:2rem}
.narrow thead .col{display:block;writing-mode:vertical-rl;transform:rotate(180deg);max-height:12rem;overflow:hidden;text-overflow:ellipsis;margin:0 auto;line-height:2rem;font-size:.76rem}
.narrow thead .name{vertical-align:bottom}
.narrow .name{padding-top:.25rem;padding-bottom:.25rem}
.narrow td:nth-child(5n+1){border-right:1px solid var(--line)}
.keys :is(th,td){padding-left:.7rem;padding-right:.7rem}
.keys .id{max-width:19rem}
.keys td:not(.time),.keys thead th{white-space:nowrap}
.keys .key{white-space:nowrap}
.dense .id,.dense br{display:none}
.dense :is(td,th){padding-top:.25rem;padding-bottom:.25rem}
.keys tr:target>*,.keys tr:hover>*{background:color-mix(in srgb,var(--accent-soft) 45%,var(--panel))}
`;
