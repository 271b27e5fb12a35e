import { CERTIFICATE, sampleConfig } from "../config/sample";

/** Projects as GitLab tells them. */
export const PROJECTS = {
  "platform/deploy": {
    id: "101",
    pathWithNamespace: "Platform/deploy",
    name: "Deploy",
    description: "what Flux applies",
    ciConfigPath: "",
  },
  "platform/app": {
    id: "102",
    pathWithNamespace: "Platform/app",
    name: "App",
    description: "",
    ciConfigPath: "",
  },
};

/** The sample config with all of GitLab that can be on at once. */
export function gitlabConfig(changes: object = {}): Record<string, unknown> {
  const { vault, ...rest } = sampleConfig();
  return {
    ...rest,
    vault: { ...(vault as object), ca: { pem: CERTIFICATE } },
    gitlab: {
      address: "https://gitlab.example.com",
      ca: { pem: CERTIFICATE },
      project: "platform/deploy",
      triggers: ["relay", "relay-2"],
      runnerTags: ["deploy"],
      image: "registry.example.com/sopsloop:1",
      app: { project: "platform/app", environment: "production", into: "apps/app", namespace: "app" },
      receiver: { url: "https://flux-hooks.example.com" },
      ...changes,
    },
    gitlabVariables: { DB_PASSWORD: { value: "correct-horse", environment: "production" } },
  };
}
