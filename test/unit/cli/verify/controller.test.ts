import { expect, test } from "vitest";
import { controllerVersion, isAllowed } from "../../../../cli/verify/probes/controller";

test.each([
  ["ghcr.io/fluxcd/kustomize-controller:v1.9.5", [1, 9]],
  ["registry.example.com:5000/kustomize-controller:v1.10.1@sha256:0123", [1, 10]],
  ["ghcr.io/fluxcd/kustomize-controller@sha256:0123", undefined],
  ["ghcr.io/fluxcd/kustomize-controller:latest", undefined],
])("version of %s", (image, version) => {
  expect(controllerVersion(image)).toEqual(version);
});

const ADDRESS = "https://vault.example.com:8200";
test.each([
  ["all", true],
  ["none", false],
  ["", false],
  [`${ADDRESS}/`, true],
  [ADDRESS, true],
  [`https://other.example.com/,${ADDRESS}/`, true],
  ["https://vault.example.com:820", true],
  ["https://vault.example.com:8201/", false],
  ["https://vault.example.com/", false],
])("allow-list %j", (list, allowed) => {
  expect(isAllowed(ADDRESS, list)).toBe(allowed);
});
