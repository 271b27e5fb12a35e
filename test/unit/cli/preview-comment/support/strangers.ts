import fc from "fast-check";
import { delivery, policy, role } from "./audit";
import type { TestPreview } from "./engine";

/** In every text that a stranger chooses. It may stand in code and nowhere else. */
export const STRANGER = "xQx";

/** Texts that would steer Markdown, HTML, a terminal or GitLab. */
export const nasty = fc
  .array(
    fc.constantFrom(
      ...["`", "``", "```", "````\n", "~~~\n", "|", "\\", "\\|", "\n", "\r\n", "\r", "\u2028", "\t", "    "],
      ...[
        "\n/close\n",
        "\n/assign @all\n",
        "/merge",
        "@all",
        "mail@evil.example",
        "#1",
        "!2",
        "~bug",
        ":tada:",
      ],
      ...[
        "<script>alert(1)</script>",
        "</details>",
        "</code>",
        "<!--",
        "-->",
        "--!>",
        "<img src=x>",
        "&lt;",
        '"',
        "'",
      ],
      ...[
        "![x](https://evil.example/i.png)",
        "[a](javascript:x)",
        "https://evil.example",
        "www.evil.example",
      ],
      ...["*", "**", "_", "\n# h\n", "\n- ", "\n> ", "\n>>>\n", "\n---\n", "|---|---|", "[[_TOC_]]", "$`x`$"],
      ...["\u202e", "\u200b", "\u0000", "\ud800", "\u001b[31m", "{", "[", " ", "a"],
    ),
    { maxLength: 6 },
  )
  .map((parts) => `${STRANGER}${parts.join("")}${STRANGER}`);

/** Previews in which every text is one of these. */
export const previews: fc.Arbitrary<TestPreview> = fc
  .array(nasty, { minLength: 16, maxLength: 16 })
  .map((texts): TestPreview => {
    const t = (at: number) => texts[at] ?? STRANGER;
    const audit = (name: string) => ({
      key: { mount: t(0), name: t(1), type: t(2), latestVersion: 1, minDecryptionVersion: 1 },
      policies: { [name]: policy(`path "${t(0)}/decrypt/${t(1)}" { capabilities = ["update"] }`) },
      roles: [{ ...role(t(3), t(4), [name, t(5)]), auth: t(6), audience: t(7) }],
      decryption: [{ ...delivery(t(8), t(3), t(4)), path: t(9), source: t(10), targetNamespace: t(11) }],
      pipelines: {
        roles: [
          {
            name: t(12),
            auth: t(0),
            projectId: t(13),
            protectedBranch: t(14),
            sources: [t(15)],
            audience: t(1),
            policies: [t(2)],
          },
        ],
      },
    });
    const key = {
      type: "vault:transit/secretBackendKey:SecretBackendKey",
      old: { backend: t(0), name: t(1) },
    };
    const fluxRole = {
      type: "vault:kubernetes/authBackendRole:AuthBackendRole",
      old: { backend: t(4), roleName: t(5) },
    };
    return {
      stackUrn: `urn:pulumi:${t(13)}::${t(14)}::pulumi:pulumi:Stack::s`,
      before: { audit: audit(t(0)) },
      after: { audit: audit(t(15)) },
      steps: [
        { op: "create", type: t(0), name: t(1), new: { [t(2)]: t(3), list: [{ [t(4)]: t(5) }] } },
        {
          op: "update",
          type: t(6),
          name: t(7),
          old: { text: `${t(8)}\n${t(9)}` },
          new: { text: `${t(8)}\n${t(10)}` },
        },
        { op: t(11), type: t(12), name: t(13), old: {}, new: {} },
        { op: "delete", name: t(14), ...key },
        {
          op: "replace",
          name: t(15),
          ...key,
          new: { name: t(0) },
          keys: [t(1)],
          detailed: { [t(2)]: "update-replace" },
        },
        { op: "delete", type: "vault:index/policy:Policy", name: "p", old: { name: t(0) } },
        { op: "delete", name: t(3), ...fluxRole },
      ],
      findings: [
        { message: t(0), policyName: t(1), policyPackName: t(2), enforcementLevel: t(3), resourceUrn: t(4) },
      ],
      diagnostics: [
        { severity: t(5), message: t(6), urn: t(7) },
        { severity: "error", message: t(8) },
        { severity: "info", message: t(9), urn: `urn:pulumi:x::y::${t(10)}::${t(11)}` },
      ],
    };
  });
