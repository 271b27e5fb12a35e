/** A data key as Vault's transit engine wraps it; not of any key. */
export const OLD = `vault:v1:${"QUJD".repeat(20)}`;
export const NEW = `vault:v12:${"WFla".repeat(20)}`;

/** Metadata of a file with one Vault key, as sops 3.13 writes it, in each format. */
export const SAMPLES = {
  "a.yaml": `apiVersion: v1
kind: Secret
stringData:
    note: ENC[AES256_GCM,data:YQ==,iv:aQ==,tag:dA==,type:str]
sops:
    hc_vault:
        - created_at: "2026-01-02T03:04:05Z"
          enc: ${OLD}
          engine_path: transit
          key_name: sops
          vault_address: https://Vault.example.com:8200
    lastmodified: "2026-01-02T03:04:05Z"
    mac: ENC[AES256_GCM,data:bQ==,iv:aQ==,tag:dA==,type:str]
    encrypted_regex: ^(data|stringData)$
    mac_only_encrypted: true
    version: 3.13.3
`,
  "a.json": `{
	"note": "ENC[AES256_GCM,data:YQ==,iv:aQ==,tag:dA==,type:str]",
	"sops": {
		"hc_vault": [
			{
				"created_at": "2026-01-02T03:04:05Z",
				"enc": "${OLD}",
				"engine_path": "transit",
				"key_name": "sops",
				"vault_address": "https://Vault.example.com:8200"
			}
		],
		"lastmodified": "2026-01-02T03:04:05Z",
		"mac": "ENC[AES256_GCM,data:bQ==,iv:aQ==,tag:dA==,type:str]",
		"encrypted_regex": "^(data|stringData)$",
		"mac_only_encrypted": true,
		"version": "3.13.3"
	}
}
`,
  "a.env": `NOTE=ENC[AES256_GCM,data:YQ==,iv:aQ==,tag:dA==,type:str]
sops_encrypted_regex=^(data|stringData)$
sops_hc_vault__list_0__map_created_at=2026-01-02T03:04:05Z
sops_hc_vault__list_0__map_enc=${OLD}
sops_hc_vault__list_0__map_engine_path=transit
sops_hc_vault__list_0__map_key_name=sops
sops_hc_vault__list_0__map_vault_address=https://Vault.example.com:8200
sops_lastmodified=2026-01-02T03:04:05Z
sops_mac=ENC[AES256_GCM,data:bQ==,iv:aQ==,tag:dA==,type:str]
sops_mac_only_encrypted=true
sops_version=3.13.3
`,
  "a.ini": `[notes]
note = ENC[AES256_GCM,data:YQ==,iv:aQ==,tag:dA==,type:str]

[sops]
encrypted_regex                      = ^(data|stringData)$
hc_vault__list_0__map_created_at     = 2026-01-02T03:04:05Z
hc_vault__list_0__map_enc            = ${OLD}
hc_vault__list_0__map_engine_path    = transit
hc_vault__list_0__map_key_name       = sops
hc_vault__list_0__map_vault_address  = https://Vault.example.com:8200
lastmodified                         = 2026-01-02T03:04:05Z
mac                                  = ENC[AES256_GCM,data:bQ==,iv:aQ==,tag:dA==,type:str]
mac_only_encrypted                   = true
version                              = 3.13.3
`,
} as const;

export const AZURE = `a: ENC[AES256_GCM,data:YQ==,iv:aQ==,tag:dA==,type:str]
sops:
    shamir_threshold: 2
    key_groups:
        - azure_kv:
            - vault_url: https://name.vault.azure.net
              name: sops
              version: 0123456789abcdef0123456789abcdef
              created_at: "2026-01-02T03:04:05Z"
              enc: b2xk
          hc_vault: []
        - kms:
            - arn: arn:aws:kms:eu-west-1:111122223333:key/one
              role: arn:aws:iam::111122223333:role/sops
              context:
                app: web
              created_at: "2026-01-02T03:04:05Z"
              enc: a21z
              aws_profile: ""
          gcp_kms:
            - resource_id: projects/p/locations/l/keyRings/r/cryptoKeys/sops
              created_at: "2026-01-02T03:04:05Z"
              enc: Z2Nw
          pgp:
            - created_at: "2026-01-02T03:04:05Z"
              enc: |-
                -----BEGIN PGP MESSAGE-----

                hQEMA
                -----END PGP MESSAGE-----
              fp: FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4
    lastmodified: "2026-01-02T03:04:05Z"
    mac: ENC[AES256_GCM,data:bQ==,iv:aQ==,tag:dA==,type:str]
    version: 3.13.3
`;
