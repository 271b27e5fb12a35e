import { z } from "zod";
import { parseHttpUrl } from "./addresses";
import { caSource, type ReadFile } from "./certificates";
import {
  duration,
  expected,
  flag,
  mapKey,
  matching,
  mountPath,
  namespaceName,
  oneOf,
  parsed,
  strict,
} from "./fields";
import { parseGitLabAddress } from "./gitlab-url";
import { ConfigProblem, describe } from "./problems";
import { sweepSection } from "./sweep";

const projectPath = matching(
  /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)+$/,
  "a project's full path such as platform/deploy",
);

/** Narrower than git's own rule: it goes into regular expressions of pipelines and into claims that Vault compares. */
export const branchName = matching(/^[\w.-]+(\/[\w.-]+)*$/, "a branch name such as main");

const environmentName = matching(/^[\w./ -]{1,255}$/, "a GitLab environment such as production");

const triggerName = matching(mapKey, "a name of lower-case letters, digits and dashes, such as relay");

const publicKey = parsed("an SSH public key (ssh-ed25519 AAAA…)", (value) => {
  if (value.includes("PRIVATE KEY"))
    throw new ConfigProblem("is a private key; treat it as leaked, make a new one, and give its public half");
  const key = value.trim();
  if (
    !/^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|ssh-rsa) [A-Za-z0-9+/]+=*( .*)?$/.test(
      key,
    )
  )
    throw new ConfigProblem(`is ${describe(value)}; set it to an SSH public key (ssh-ed25519 AAAA…)`);
  return key;
});

/** A path in a repository that stays in it: no slash in front, no `.` or `..` on the way. */
const filePath = matching(
  /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.-]+(\/[\w.-]+)*$/,
  "a path in the repository such as chart/values.yaml",
);

const app = strict({
  project: projectPath,
  ref: branchName.default("main"),
  environment: environmentName,
  chart: filePath.default("chart"),
  mapping: filePath.default("chart/secrets.yaml"),
  into: filePath,
  namespace: namespaceName,
});

const receiver = strict({
  url: parsed("the URL that GitLab reaches Flux's webhook receiver at", (value) =>
    parseHttpUrl(value, "https://flux-hooks.example.com").replace(/\/+$/, ""),
  ),
});

/** `sopsloop:gitlab`. */
export const gitlabSection = (readFile: ReadFile) =>
  strict({
    address: parsed("GitLab's URL, such as https://gitlab.example.com", parseGitLabAddress),
    ca: caSource(readFile).optional(),
    edition: oneOf(["enterprise", "community"]).default("enterprise"),
    project: projectPath,
    authMount: mountPath.default("gitlab"),
    tokenTtl: duration("1m", "1h", "a token serves one job").prefault("15m"),
    ciFile: filePath.default(".gitlab-ci.yml"),
    image: z
      .string({ error: expected("a container image") })
      .min(1)
      .optional(),
    runnerTags: z.array(z.string().min(1), { error: expected("a list of runner tags") }).default([]),
    triggers: z
      .array(triggerName, { error: expected("a list of names such as [relay]") })
      .min(1, { error: "is empty; give at least one name, such as relay" })
      .max(2, { error: "has more than two names; two are live only while a token is rotated" })
      .refine((names) => new Set(names).size === names.length, { error: "has a name twice; remove one" })
      .default(["relay"]),
    sweep: sweepSection,
    deployKey: publicKey.optional(),
    developersMayMerge: flag("developers may merge into the branch, not only maintainers").default(false),
    app: app.optional(),
    receiver: receiver.optional(),
  });

export type GitLabSettings = z.output<ReturnType<typeof gitlabSection>>;
