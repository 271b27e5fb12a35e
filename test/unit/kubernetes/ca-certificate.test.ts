import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { caCertificate } from "../../../components/kubernetes/ca-certificate";
import { outputsOf } from "../harness";

const PEM = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
const configMap = { namespace: "vault", name: "vault-ca", key: "ca.crt" };
const computed = { "kubernetes:core/v1:ConfigMap": { data: { "ca.crt": PEM } } };

class Holder extends pulumi.ComponentResource {
  constructor(source: Parameters<typeof caCertificate>[1]) {
    super("sopsloop:test:Holder", "holder");
    this.registerOutputs({ pem: caCertificate("ca", source, { parent: this }) });
  }
}

test("text at hand is passed on", async () => {
  expect(await outputsOf(() => new Holder({ pem: PEM }))).toEqual({ pem: PEM });
});

test("a ConfigMap is read from the cluster", async () => {
  expect(await outputsOf(() => new Holder({ configMap }), { computed })).toEqual({ pem: PEM });
});

test("in preview of a cluster that cannot be read yet the CA is unknown", async () => {
  expect(await outputsOf(() => new Holder({ configMap }), { preview: true })).toEqual({ pem: "unknown" });
});
