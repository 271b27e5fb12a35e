import { expect, test } from "vitest";
import {
  deploymentSpec,
  isOwnFlag,
  kustomizePatches,
  patchesText,
  stockEgressRemoval,
} from "../../../components/flux/controller-patch";

const args = {
  namespace: "flux-system",
  version: { major: 2, minor: 9 },
  vaultConfigMap: "sopsloop-vault",
  address: "https://vault.example.com:8200",
  ca: { configMap: "sopsloop-vault-ca", key: "ca.pem" },
};

test("server-side apply repeats the stock arguments, because the list is atomic", () => {
  expect(deploymentSpec(args)).toMatchInlineSnapshot(`
    {
      "template": {
        "spec": {
          "containers": [
            {
              "args": [
                "--events-addr=http://notification-controller.flux-system.svc.cluster.local./",
                "--watch-all-namespaces=true",
                "--log-level=info",
                "--log-encoding=json",
                "--enable-leader-election",
                "--sops-vault-configmap=sopsloop-vault",
                "--feature-gates=ObjectLevelWorkloadIdentity=true",
              ],
              "env": [
                {
                  "name": "SOPS_HC_VAULT_ALLOWLIST",
                  "value": "https://vault.example.com:8200/",
                },
                {
                  "name": "VAULT_CACERT",
                  "value": "/etc/vault-ca/ca.pem",
                },
              ],
              "name": "manager",
              "volumeMounts": [
                {
                  "mountPath": "/etc/vault-ca",
                  "name": "vault-ca",
                  "readOnly": true,
                },
              ],
            },
          ],
          "volumes": [
            {
              "configMap": {
                "name": "sopsloop-vault-ca",
              },
              "name": "vault-ca",
            },
          ],
        },
      },
    }
  `);
});

test("with a public CA there is no volume and no VAULT_CACERT", () => {
  expect(deploymentSpec({ ...args, ca: undefined })).toMatchInlineSnapshot(`
    {
      "template": {
        "spec": {
          "containers": [
            {
              "args": [
                "--events-addr=http://notification-controller.flux-system.svc.cluster.local./",
                "--watch-all-namespaces=true",
                "--log-level=info",
                "--log-encoding=json",
                "--enable-leader-election",
                "--sops-vault-configmap=sopsloop-vault",
                "--feature-gates=ObjectLevelWorkloadIdentity=true",
              ],
              "env": [
                {
                  "name": "SOPS_HC_VAULT_ALLOWLIST",
                  "value": "https://vault.example.com:8200/",
                },
              ],
              "name": "manager",
            },
          ],
        },
      },
    }
  `);
});

test("from 2.10 on the feature gate is gone", () => {
  const { args: list } =
    deploymentSpec({ ...args, version: { major: 2, minor: 10 } }).template.spec.containers[0] ?? {};
  expect(list?.slice(-1)).toEqual(["--sops-vault-configmap=sopsloop-vault"]);
});

test("Flux in another namespace sends its events there", () => {
  const { args: list } = deploymentSpec({ ...args, namespace: "gitops" }).template.spec.containers[0] ?? {};
  expect(list?.[0]).toBe("--events-addr=http://notification-controller.gitops.svc.cluster.local./");
});

test("further flags follow the program's own, applied or rendered", () => {
  const controllerArgs = ["--concurrent=10", "--no-remote-bases"];
  const { args: list } = deploymentSpec({ ...args, controllerArgs }).template.spec.containers[0] ?? {};
  const { args: before } = deploymentSpec(args).template.spec.containers[0] ?? {};
  expect(list).toEqual([...(before ?? []), ...controllerArgs]);
  const rendered = patchesText("bootstrap", kustomizePatches({ ...args, controllerArgs }));
  expect(rendered.match(/args\/-\n +value: .*/g)?.map((line) => line.replace(/^.*value: /s, ""))).toEqual([
    "--sops-vault-configmap=sopsloop-vault",
    "--feature-gates=ObjectLevelWorkloadIdentity=true",
    ...controllerArgs,
  ]);
});

test.each([
  ["--log-level=debug", 9, true],
  ["--enable-leader-election", 9, true],
  ["--sops-vault-configmap=mine", 10, true],
  ["--feature-gates=GroupChangeLog=true", 9, false],
  ["--feature-gates=GroupChangeLog=true,ObjectLevelWorkloadIdentity=false", 9, true],
  ["--feature-gates=ObjectLevelWorkloadIdentity=true", 10, false],
  ["--log-level-of-others=debug", 9, false],
  ["--concurrent=10", 9, false],
])("%s with 2.%i is the program's own: %s", (flag, minor, own) => {
  expect(isOwnFlag(flag, { major: 2, minor })).toBe(own);
});

test("the same change for flux-system/kustomization.yaml", () => {
  expect(patchesText("bootstrap", kustomizePatches(args))).toMatchInlineSnapshot(`
    "patches:
      - target:
          kind: Deployment
          name: kustomize-controller
        patch: |
          - op: add
            path: /spec/template/spec/containers/0/args/-
            value: --sops-vault-configmap=sopsloop-vault
          - op: add
            path: /spec/template/spec/containers/0/args/-
            value: --feature-gates=ObjectLevelWorkloadIdentity=true
          - op: add
            path: /spec/template/spec/containers/0/env/-
            value:
              name: SOPS_HC_VAULT_ALLOWLIST
              value: https://vault.example.com:8200/
          - op: add
            path: /spec/template/spec/containers/0/env/-
            value:
              name: VAULT_CACERT
              value: /etc/vault-ca/ca.pem
          - op: add
            path: /spec/template/spec/containers/0/volumeMounts/-
            value:
              name: vault-ca
              mountPath: /etc/vault-ca
              readOnly: true
          - op: add
            path: /spec/template/spec/volumes/-
            value:
              name: vault-ca
              configMap:
                name: sopsloop-vault-ca
    "
  `);
});

test("and for a FluxInstance, with the stock egress policy taken out", () => {
  expect(patchesText("operator", [stockEgressRemoval()])).toMatchInlineSnapshot(`
    "spec:
      kustomize:
        patches:
          - target:
              kind: NetworkPolicy
              name: allow-egress
            patch: |
              $patch: delete
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata:
                name: allow-egress
    "
  `);
});
