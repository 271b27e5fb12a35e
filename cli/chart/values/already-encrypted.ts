const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/^\s*ENC\[AES256_GCM,data:/, "a value that sops encrypted"],
  [/^\s*vault:v\d+:[A-Za-z0-9+/=]+\s*$/, "a ciphertext of Vault's transit engine"],
  [/^\s*-----BEGIN AGE ENCRYPTED FILE-----/, "a file that age encrypted"],
  [/^\s*age-encryption\.org\/v1\n/, "a file that age encrypted"],
  [/^\s*-----BEGIN PGP MESSAGE-----/, "a message that PGP encrypted"],
  [/^\s*\$ANSIBLE_VAULT;/, "a value that Ansible Vault encrypted"],
  [/ENC\[AES256_GCM,data:[^\]]*\][\s\S]*\bsops\b/, "a file that sops encrypted"],
];

/** Each of the signs has one of these. */
const ANY = /ENC\[|vault:v|age-encryption|-----BEGIN|\$ANSIBLE/;

/** What a value is that somebody encrypted before: encrypted once more, it would reach the cluster as it is. Undefined for others. */
export function alreadyEncrypted(text: string): string | undefined {
  if (!ANY.test(text)) return undefined;
  return SIGNS.find(([sign]) => sign.test(text))?.[1];
}
