import { webcrypto, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  X509Certificate as Certificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** Who a certificate is for. */
export interface Subject {
  readonly commonName: string;
  /** The group, as Kubernetes reads a client's certificate. */
  readonly organization?: string;
  /** DNS names and IP addresses of a server; a client has none. */
  readonly hosts?: readonly string[];
}

/** PEM files of a certificate and its private key (0600). */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate authority of one sandbox, kept in a folder as `ca.pem` and `ca-key.pem`. */
export class CertificateAuthority {
  private constructor(
    private readonly folder: string,
    private readonly certificate: Certificate,
    private readonly key: webcrypto.CryptoKey,
  ) {}

  /** Opens the authority in `folder`, or founds it there under `name`. */
  static async open(folder: string, name: string): Promise<CertificateAuthority> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = filesOf(folder, "ca");
    if (!existsSync(files.certificate)) await CertificateAuthority.found(files, name);
    const key = await webcrypto.subtle.importKey(
      "pkcs8",
      PemConverter.decodeFirst(readFileSync(files.key, "utf8")),
      ALGORITHM,
      false,
      ["sign"],
    );
    return new CertificateAuthority(folder, new Certificate(readFileSync(files.certificate, "utf8")), key);
  }

  /** Issues `<name>.pem` and `<name>-key.pem`, or keeps those that are there and stay valid for a month. */
  async issue(name: string, subject: Subject): Promise<KeyPairFiles> {
    const files = filesOf(this.folder, name);
    if (!this.isValid(files.certificate)) {
      const keys = await newKeys();
      const certificate = await X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: distinguishedName(subject),
        issuer: this.certificate.subject,
        ...validity(365),
        signingAlgorithm: ALGORITHM,
        publicKey: keys.publicKey,
        signingKey: this.key,
        extensions: leafExtensions(subject),
      });
      await write(files, certificate, keys.privateKey);
    }
    return files;
  }

  private static async found(files: KeyPairFiles, name: string): Promise<void> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: distinguishedName({ commonName: name }),
      ...validity(3650),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    await write(files, certificate, keys.privateKey);
  }

  private isValid(file: string): boolean {
    if (!existsSync(file)) return false;
    const certificate = new X509Certificate(readFileSync(file));
    const issuer = new X509Certificate(this.certificate.toString("pem"));
    return certificate.checkIssued(issuer) && Date.parse(certificate.validTo) > Date.now() + 30 * DAY_MS;
  }
}

function filesOf(folder: string, name: string): KeyPairFiles {
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function write(files: KeyPairFiles, certificate: Certificate, key: webcrypto.CryptoKey): Promise<void> {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", key);
  writeFileSync(files.key, `${PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, { mode: 0o600 });
  writeFileSync(files.certificate, `${certificate.toString("pem")}\n`);
}

function leafExtensions({ hosts = [] }: Subject): Extension[] {
  const usage = hosts.length > 0 ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  const names = hosts.map((host) => ({ type: isIP(host) ? ("ip" as const) : ("dns" as const), value: host }));
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usage]),
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
  ];
}

function distinguishedName({ commonName, organization }: Subject): string {
  return organization === undefined ? `CN=${commonName}` : `O=${organization}, CN=${commonName}`;
}

/** From a minute ago, for clocks that differ a little. */
function validity(days: number) {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + days * DAY_MS) };
}

/** 16 random bytes whose first bit is 0, so that it reads as a positive number. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Buffer.from(bytes).toString("hex");
}
