import { expect, test } from "vitest";
import { FluxDelivery, type FluxDeliveryArgs } from "../../../components/flux/flux-delivery";
import { build, childrenOf, outputsOf } from "../harness";

const kustomization = {
  path: "./apps",
  decryptor: "default",
  interval: "10m",
  prune: true,
  wait: true,
  timeout: "3m",
};
const args: FluxDeliveryArgs = {
  namespace: "flux-system",
  source: { name: "deploy", url: "https://git.example.com/deploy.git", branch: "main", interval: "1m" },
  decryptors: {
    default: { namespace: "flux-system", serviceAccount: "kustomize-controller" },
    apps: { namespace: "apps", serviceAccount: "sops" },
  },
  kustomizations: { infra: kustomization },
};

test("one source, and a Kustomization that decrypts as its decryptor", async () => {
  expect(await childrenOf(() => new FluxDelivery("deploy", args))).toMatchInlineSnapshot(`
    [
      "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization deploy-kustomization-infra {"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"infra","namespace":"flux-system"},"spec":{"decryption":{"provider":"sops","serviceAccountName":"kustomize-controller"},"interval":"10m","path":"./apps","prune":true,"sourceRef":{"kind":"GitRepository","name":"deploy","namespace":"flux-system"},"timeout":"3m","wait":true}}",
      "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository deploy-source {"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","metadata":{"name":"deploy","namespace":"flux-system"},"spec":{"interval":"1m","ref":{"branch":"main"},"url":"https://git.example.com/deploy.git"}}",
    ]
  `);
});

test("credentials and a target namespace appear only where they are given", async () => {
  const source = { ...args.source, secretRef: "deploy-credentials" };
  const kustomizations = {
    apps: { ...kustomization, decryptor: "apps", targetNamespace: "apps", prune: false },
  };
  expect(
    await childrenOf(() => new FluxDelivery("deploy", { ...args, source, kustomizations })),
  ).toMatchInlineSnapshot(`
    [
      "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization deploy-kustomization-apps {"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"apps","namespace":"apps"},"spec":{"decryption":{"provider":"sops","serviceAccountName":"sops"},"interval":"10m","path":"./apps","prune":false,"sourceRef":{"kind":"GitRepository","name":"deploy","namespace":"flux-system"},"targetNamespace":"apps","timeout":"3m","wait":true}}",
      "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository deploy-source {"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","metadata":{"name":"deploy","namespace":"flux-system"},"spec":{"interval":"1m","ref":{"branch":"main"},"secretRef":{"name":"deploy-credentials"},"url":"https://git.example.com/deploy.git"}}",
    ]
  `);
});

test("registers what is decrypted and as whom, in preview too", async () => {
  const make = () => new FluxDelivery("deploy", args);
  const outputs = await outputsOf(make);
  expect(outputs).toMatchInlineSnapshot(`
    {
      "deliveries": [
        {
          "branch": "main",
          "kustomization": "infra",
          "namespace": "flux-system",
          "path": "./apps",
          "serviceAccount": "kustomize-controller",
          "source": "https://git.example.com/deploy.git",
          "targetNamespace": null,
        },
      ],
    }
  `);
  expect(await outputsOf(make, { preview: true })).toEqual(outputs);
});

test("an unknown decryptor is refused before anything is made", async () => {
  const kustomizations = { apps: { ...kustomization, decryptor: "nobody" } };
  const made = build(() => new FluxDelivery("deploy", { ...args, kustomizations }));
  await expect(made).rejects.toThrow(
    'kustomization apps names the decryptor "nobody", which is not among decryptors; add it there',
  );
});
